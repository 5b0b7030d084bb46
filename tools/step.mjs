// Running the programs that prepare the repository: what they do is shown as it goes, and a failure is told in words.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** A failure that was foreseen: its message is all there is to say. */
export class Refused extends Error {}

const terminal = process.stdout.isTTY === true
const children = new Set()

/** Says what is being done. */
export function say(text) {
  console.log(terminal ? `\x1b[2m→\x1b[0m ${text}` : `→ ${text}`)
}

/**
 * Runs a program; its output appears indented, or, when `quiet`, only if it fails.
 * @param {string} what for the failure's message
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, quiet?: boolean, hint?: string }} [options]
 * @returns {Promise<void>} rejects with Refused
 */
export function run(what, command, args, { cwd = root, env = {}, quiet = false, hint = '' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !command.endsWith('.exe'),
    })
    children.add(child)
    let output = ''
    const heard = (chunk) => {
      output = (output + chunk).slice(-20_000)
      if (!quiet) process.stdout.write(String(chunk).replace(/^(?=.)/gm, '  '))
    }
    child.stdout.on('data', heard)
    child.stderr.on('data', heard)
    const failed = (reason) => {
      const shown = quiet && output.trim() ? `\n${output.trimEnd().replace(/^/gm, '  ')}` : ''
      reject(new Refused(`${what} failed (${reason}).${shown}${hint && `\n${hint}`}`))
    }
    child.once('error', (error) => {
      children.delete(child)
      failed(error.message)
    })
    child.once('close', (code, signal) => {
      children.delete(child)
      if (code === 0) resolve()
      else failed(signal ?? `exit ${code}`)
    })
  })
}

/** How long something took, for people. */
export function since(began) {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`
}

/** Ctrl+C while preparing: end what runs, and leave without a word more. */
export function interruptible() {
  const leave = (signal) => {
    for (const child of children) child.kill('SIGTERM')
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  // When npm is ended, the shell between us dies and tells us nothing.
  const parent = process.ppid
  const watch = setInterval(() => process.ppid !== parent && process.env.npm_lifecycle_event && leave('SIGTERM'), 250)
  watch.unref()
  process.once('SIGINT', leave)
  process.once('SIGTERM', leave)
  return () => {
    clearInterval(watch)
    process.off('SIGINT', leave)
    process.off('SIGTERM', leave)
  }
}

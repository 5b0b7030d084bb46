import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether a process runs; one that ended and waits to be collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return stat(pid)?.state !== 'Z'
}

/** Tells a process from a later one with the same pid; '' where the system does not say. */
export function startOf(pid: number): string {
  return stat(pid)?.start ?? ''
}

/** Whether `pid` is a PostgreSQL process of this data folder (an absolute path without symbolic links). */
export function serves(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false
  // Every PostgreSQL process works inside its data folder.
  if (process.platform === 'linux') return workingFolder(pid) === data
  if (process.platform === 'win32') return false
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(data)
}

/** The PostgreSQL processes of a data folder, the children of a killed server too. Linux only, else none. */
export function processesOf(data: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && workingFolder(pid) === data && /postgres/.test(commandOf(pid)))
}

/** Sends a signal; false when the process is gone. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** Waits until none of the processes runs; false when some still do after `timeoutMs`. */
export async function gone(pids: number[], timeoutMs: number): Promise<boolean> {
  const until = Date.now() + timeoutMs
  while (pids.some(isAlive)) {
    if (Date.now() > until) return false
    await delay(20)
  }
  return true
}

function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(join('/proc', String(pid), 'cwd'))
  } catch {
    return null
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(join('/proc', String(pid), 'cmdline'), 'utf8')
  } catch {
    return ''
  }
}

function stat(pid: number): { state: string; start: string } | null {
  if (process.platform !== 'linux') return null
  try {
    const text = readFileSync(join('/proc', String(pid), 'stat'), 'utf8')
    // The second field is the program's name in brackets, which may itself hold spaces and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', start: fields[19] ?? '' }
  } catch {
    return null
  }
}

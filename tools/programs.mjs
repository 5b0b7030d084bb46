// Programs of the system that tests need: found in PATH, and installed where we may (as root on Debian).
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Refused, run, say } from './step.mjs'

/** Whether a file can be run. */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The first program of these names in PATH, or undefined. */
export function inPath(env, ...names) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

/**
 * Installs packages by apt-get.
 * @param wanted what for, the packages, and what to do by hand where that is not possible
 * @throws Refused
 */
export async function installPrograms({ what, packages, hint }) {
  const debian = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (!debian) throw new Refused(`${what} is missing. ${hint}`)
  say(`Installing ${what} (apt-get)`)
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, quiet: true, hint }
  await run('apt-get update', 'apt-get', ['update', '-q'], options)
  const install = ['install', '-y', '-q', '--no-install-recommends', ...packages]
  await run(`apt-get install ${packages[0]}`, 'apt-get', install, options)
}

// The browser of the end-to-end tests.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Refused, run, say } from './step.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Where Chromium is: CHROMIUM_PATH, else in PATH; null when nowhere. */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return isExecutable(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : null
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return found ?? (existsSync(mac) ? mac : null)
}

/** Installs Chromium where we may (as root on Debian), else refuses with what to do. */
export async function prepareChromium() {
  const found = findChromium()
  if (found) return found
  const debian = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (process.env.CHROMIUM_PATH) throw new Refused(`CHROMIUM_PATH=${process.env.CHROMIUM_PATH} cannot be run.`)
  if (!debian) throw new Refused('The end-to-end tests need Chromium: install it, or name it by CHROMIUM_PATH.')
  say('Installing Chromium for the end-to-end tests (apt-get)')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const hint = 'Install Chromium by hand, or name it by CHROMIUM_PATH.'
  await run('apt-get update', 'apt-get', ['update', '-q'], { env, quiet: true, hint })
  const install = ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-liberation']
  await run('apt-get install chromium', 'apt-get', install, { env, quiet: true, hint })
  const installed = findChromium()
  if (!installed) throw new Refused(`Chromium was installed but is not in PATH. ${hint}`)
  return installed
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// The browser of the end-to-end tests.
import { existsSync } from 'node:fs'
import { inPath, installPrograms, isExecutable } from './programs.mjs'
import { Refused } from './step.mjs'

const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const HINT = 'Install Chromium by hand, or name it by CHROMIUM_PATH.'

/** Where Chromium is: CHROMIUM_PATH, else in PATH; null when nowhere. */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return isExecutable(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : null
  const found = inPath(env, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
  return found ?? (existsSync(MAC) ? MAC : null)
}

/** Installs Chromium where we may, else refuses with what to do. */
export async function prepareChromium() {
  const found = findChromium()
  if (found) return found
  if (process.env.CHROMIUM_PATH) throw new Refused(`CHROMIUM_PATH=${process.env.CHROMIUM_PATH} cannot be run.`)
  const packages = ['chromium', 'fonts-liberation']
  await installPrograms({ what: 'Chromium for the end-to-end tests', packages, hint: HINT })
  const installed = findChromium()
  if (!installed) throw new Refused(`Chromium was installed but is not in PATH. ${HINT}`)
  return installed
}

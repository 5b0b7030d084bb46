// What the tests read exported slides with: LibreOffice, which opens them as an office program does, and poppler, which
// looks at the pages it makes of them.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Refused, run, say } from './step.mjs'

const MAC = '/Applications/LibreOffice.app/Contents/MacOS/soffice'
const POPPLER = ['pdftoppm', 'pdftotext', 'pdfinfo']

/** Where LibreOffice is: OFFICE_PATH, else in PATH; null when it, or poppler beside it, is nowhere. */
export function findOffice(env = process.env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const inPath = (name) => folders.map((folder) => join(folder, name)).find(isExecutable)
  if (POPPLER.some((name) => !inPath(name))) return null
  if (env.OFFICE_PATH) return isExecutable(env.OFFICE_PATH) ? env.OFFICE_PATH : null
  return inPath('soffice') ?? (isExecutable(MAC) ? MAC : null)
}

/** Installs both where we may (as root on Debian), else refuses with what to do. */
export async function prepareOffice() {
  const found = findOffice()
  if (found) return found
  const hint =
    'Install LibreOffice Impress and poppler-utils (pdftoppm, pdftotext, pdfinfo), or name soffice by OFFICE_PATH.'
  const debian = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (process.env.OFFICE_PATH) throw new Refused(`OFFICE_PATH=${process.env.OFFICE_PATH} cannot be used. ${hint}`)
  if (!debian) throw new Refused(`The tests of exported slides need LibreOffice. ${hint}`)
  say('Installing LibreOffice and poppler for the tests of exported slides (apt-get)')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get update', 'apt-get', ['update', '-q'], { env, quiet: true, hint })
  const wanted = ['libreoffice-impress', 'poppler-utils', 'fonts-liberation']
  const install = ['install', '-y', '-q', '--no-install-recommends', ...wanted]
  await run('apt-get install libreoffice-impress', 'apt-get', install, { env, quiet: true, hint })
  const installed = findOffice()
  if (!installed) throw new Refused(`LibreOffice was installed but is not in PATH. ${hint}`)
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

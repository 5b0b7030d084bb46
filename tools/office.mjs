// What the tests read exported slides with: LibreOffice, which opens them as an office program does, and poppler, which
// looks at the pages it makes of them.
import { inPath, installPrograms, isExecutable } from './programs.mjs'
import { Refused } from './step.mjs'

const MAC = '/Applications/LibreOffice.app/Contents/MacOS/soffice'
const POPPLER = ['pdftoppm', 'pdftotext', 'pdfinfo']
const HINT =
  'Install LibreOffice Impress and poppler-utils (pdftoppm, pdftotext, pdfinfo), or name soffice by OFFICE_PATH.'

/** Where LibreOffice is: OFFICE_PATH, else in PATH; null when it, or poppler beside it, is nowhere. */
export function findOffice(env = process.env) {
  if (POPPLER.some((name) => !inPath(env, name))) return null
  if (env.OFFICE_PATH) return isExecutable(env.OFFICE_PATH) ? env.OFFICE_PATH : null
  return inPath(env, 'soffice') ?? (isExecutable(MAC) ? MAC : null)
}

/** Installs both where we may, else refuses with what to do. */
export async function prepareOffice() {
  const found = findOffice()
  if (found) return found
  if (process.env.OFFICE_PATH) throw new Refused(`OFFICE_PATH=${process.env.OFFICE_PATH} cannot be used. ${HINT}`)
  const packages = ['libreoffice-impress', 'poppler-utils', 'fonts-liberation']
  await installPrograms({ what: 'LibreOffice and poppler for the tests of exported slides', packages, hint: HINT })
  const installed = findOffice()
  if (!installed) throw new Refused(`LibreOffice was installed but is not in PATH. ${HINT}`)
  return installed
}

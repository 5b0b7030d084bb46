import { diagnose, type Finding } from '@realtime/platform/doctor'
import { findChromium } from './chromium.mjs'
import { findOffice } from './office.mjs'
import { isWebFresh } from './prepare.mjs'
import { pythonTrouble } from './python.mjs'

// npm run doctor: every line says how something is, and how to mend it. Exit status 1 when something fails.

const marks = { ok: '✓', warn: '!', fail: '✗' } as const
const colors = { ok: 32, warn: 33, fail: 31 } as const
const terminal = process.stdout.isTTY === true && !process.env.NO_COLOR
const counts = { ok: 0, warn: 0, fail: 0 }

function tell({ level, about, text, mend }: Finding): void {
  counts[level]++
  const mark = terminal ? `\x1b[${colors[level]}m${marks[level]}\x1b[0m` : marks[level]
  console.log(`${mark} ${level.padEnd(4)} ${about.padEnd(20)} ${text}`)
  if (mend) console.log(`${' '.repeat(28)}→ ${mend}`)
}

/** What lies outside of the platform itself: the machine's tools and the optional keys. */
function* surroundings(): Generator<Finding> {
  yield { level: 'ok', about: 'Node', text: process.versions.node }
  const python = pythonTrouble()
  yield python
    ? { level: 'warn', about: 'Python', text: python, mend: 'Without it AI is off; all else works.' }
    : { level: 'ok', about: 'Python', text: 'the environment of the AI service is complete' }
  yield process.env.GEMINI_API_KEY
    ? { level: 'ok', about: 'GEMINI_API_KEY', text: 'is set' }
    : {
        level: 'warn',
        about: 'GEMINI_API_KEY',
        text: 'is not set',
        mend: 'Set it to switch AI on: https://aistudio.google.com/apikey',
      }
  yield isWebFresh()
    ? { level: 'ok', about: 'web build', text: 'is up to date' }
    : { level: 'warn', about: 'web build', text: 'is missing or stale', mend: 'npm start builds it.' }
  const chromium = findChromium()
  yield chromium
    ? { level: 'ok', about: 'Chromium', text: chromium }
    : {
        level: 'warn',
        about: 'Chromium',
        text: 'is missing',
        mend: 'Only tests need it: install it or set CHROMIUM_PATH.',
      }
  const office = findOffice()
  yield office
    ? { level: 'ok', about: 'LibreOffice', text: office }
    : {
        level: 'warn',
        about: 'LibreOffice',
        text: 'is missing, or poppler-utils are',
        mend: 'Only tests need them: `npm test` installs them on Debian, or set OFFICE_PATH.',
      }
}

for (const finding of surroundings()) tell(finding)
for await (const finding of diagnose(process.env)) tell(finding)
console.log(`\n${counts.ok} ok, ${counts.warn} to know, ${counts.fail} to mend`)
process.exitCode = counts.fail > 0 ? 1 : 0

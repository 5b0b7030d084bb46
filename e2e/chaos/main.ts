// npm run chaos [-- --minutes 10 --seed N --clients 6 …]: breaks the platform again and again; see README.md beside this.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos.ts'
import { describe } from './report.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    clients: { type: 'string', default: '6' },
    documents: { type: 'string', default: '2' },
    'round-seconds': { type: 'string', default: '20' },
    'edit-ms': { type: 'string', default: '150' },
    'fault-ms': { type: 'string', default: '900' },
    'paste-size': { type: 'string', default: '300000' },
    'recover-seconds': { type: 'string', default: '60' },
    'fresh-after': { type: 'string', default: '8' },
    keep: { type: 'boolean', default: false },
  },
})

function number(name: string, value: string | undefined): number {
  const read = Number(value)
  if (value === undefined || !Number.isFinite(read) || read <= 0) throw new Error(`--${name} must be a number above 0`)
  return read
}

const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) + 1 : number('seed', values.seed)
const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
console.log(`seed ${seed}; logs, notes and plans are in ${folder}`)
const report = await runChaos({
  seed,
  folder,
  tabs: number('clients', values.clients),
  documents: number('documents', values.documents),
  roundMs: number('round-seconds', values['round-seconds']) * 1_000,
  editMs: number('edit-ms', values['edit-ms']),
  faultMs: number('fault-ms', values['fault-ms']),
  pasteSize: number('paste-size', values['paste-size']),
  rounds: values.rounds === undefined ? Number.POSITIVE_INFINITY : number('rounds', values.rounds),
  minutes: number('minutes', values.minutes),
  from: number('from', values.from),
  freshAfter: number('fresh-after', values['fresh-after']),
  recoverMs: number('recover-seconds', values['recover-seconds']) * 1_000,
  say: (line) => console.log(line),
  env: {},
})
console.log(describe(report))
if (report.passed) {
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
} else {
  const actions = readFileSync(join(folder, 'chaos.log'), 'utf8')
    .split('\n')
    .slice(-40 - report.findings.length)
  console.log(`The last that happened:\n${actions.join('\n')}`)
  console.log(`Everything is in ${folder}; the same again: npm run chaos -- --seed ${seed} --rounds ${report.rounds}`)
  process.exitCode = 1
}

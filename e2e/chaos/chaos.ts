import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Person } from '@realtime/platform/person'
import type { Stage } from './act.ts'
import type { ChaosOptions } from './options.ts'
import type { Report } from './report.ts'
import { examineAll, type Run, runRound } from './round.ts'
import { openTab } from './tab/tab.ts'
import { bringPeople, createDocuments } from './world/people.ts'
import { startWorld, type World } from './world/world.ts'

/** Runs rounds of faults and edits until one goes wrong or all are over, then restarts everything and looks again. */
export async function runChaos(options: ChaosOptions): Promise<Report> {
  const began = performance.now()
  const { folder, tabs } = options
  mkdirSync(folder, { recursive: true })
  const run: Run = {
    options,
    report: emptyReport(options),
    before: { made: 0, acknowledged: 0 },
    log(line) {
      const seconds = ((performance.now() - began) / 1_000).toFixed(3).padStart(9)
      appendFileSync(join(folder, 'chaos.log'), `${seconds} ${line}\n`)
    },
  }
  const { report } = run
  const goesOn = (): boolean =>
    report.findings.length === 0 &&
    report.rounds < options.rounds &&
    performance.now() - began < options.minutes * 60_000
  const world = await startWorld(folder, tabs, options.env)
  let stage: Stage | null = null
  try {
    const people = await bringPeople(world, Math.max(1, Math.ceil((tabs * 2) / 3)))
    for (let round = options.from; goesOn(); round++) {
      if (stage && report.rounds % options.freshAfter === 0) {
        await leave(stage)
        run.before = report.edits
        stage = null
      }
      stage ??= await enterDocuments(run, world, people, round)
      await runRound(run, stage, round)
    }
    if (stage && report.findings.length === 0) {
      run.log('everything is restarted')
      await world.restart()
      await examineAll(run, stage)
      options.say('restarted everything and looked again')
      report.compactedRows = await world.database.compactedRows()
    }
    if (stage && report.findings.length > 0) await keepStates(stage, folder)
  } finally {
    if (stage) await leave(stage)
    report.bytes = world.bytes
    await world.stop()
  }
  report.passed = report.findings.length === 0
  report.seconds = (performance.now() - began) / 1_000
  for (const finding of report.findings) run.log(`! ${finding}`)
  return report
}

function emptyReport({ seed, folder }: ChaosOptions): Report {
  return {
    seed,
    passed: false,
    rounds: 0,
    seconds: 0,
    counts: {},
    edits: { made: 0, acknowledged: 0 },
    compactedRows: 0,
    bytes: 0,
    longestRecoveryMs: 0,
    findings: [],
    folder,
  }
}

/** New documents, and tabs in them. */
async function enterDocuments({ options, report, log }: Run, world: World, people: Person[], round: number) {
  const folder = join(options.folder, `from-${round}`)
  mkdirSync(folder)
  const documents = await createDocuments(people[0] as Person, options.documents)
  log(`documents ${documents.join(' ')}`)
  const open = (number: number) =>
    openTab({
      number,
      folder,
      config: {
        url: world.urlOf(number),
        publicUrl: world.url,
        documentId: documents[number % documents.length] as string,
        cookie: people[number % people.length]?.cookie ?? '',
      },
      onTrouble(text) {
        log(text)
        report.findings.push(`trouble: ${text}`)
      },
      onBetrayed() {
        log(`tab ${number} said saved, was killed and lost what it kept`)
        report.counts['kill saved-client'] = (report.counts['kill saved-client'] ?? 0) + 1
      },
    })
  return { world, people, documents, tabs: Array.from({ length: options.tabs }, (_, number) => open(number)) }
}

async function leave({ tabs }: Stage): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.close()))
}

async function keepStates({ tabs }: Stage, folder: string): Promise<void> {
  for (const tab of tabs) await tab.dump(join(folder, `tab-${tab.number}.state`))
}

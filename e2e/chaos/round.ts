import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { act, type Stage } from './act.ts'
import { examine, settle } from './check.ts'
import type { ChaosOptions } from './options.ts'
import { planRound } from './plan/plan.ts'
import type { Report } from './report.ts'

/** A run of chaos while it goes on. */
export interface Run {
  options: ChaosOptions
  report: Report
  /** Edits in documents that were left. */
  before: Report['edits']
  /** Adds a line to the log. */
  log(line: string): void
}

/** Does what is planned for a round, then ends all faults and looks. */
export async function runRound(run: Run, stage: Stage, round: number): Promise<void> {
  const { options, report, log } = run
  const planned = planRound(round, options)
  writeFileSync(join(options.folder, `round-${round}.json`), JSON.stringify(planned))
  const work: Promise<void>[] = []
  const began = performance.now()
  for (const { at, action } of planned) {
    const early = at - (performance.now() - began)
    if (early > 0) await delay(early)
    const done = act(stage, action)
    if (action.kind !== 'edit') log(`round ${round} at ${at}: ${JSON.stringify(action)}`)
    if (done.name) report.counts[done.name] = (report.counts[done.name] ?? 0) + 1
    if (done.work) work.push(done.work)
  }
  log(`round ${round}: faults end`)
  await stage.world.heal()
  for (const tab of stage.tabs) tab.heal()
  await Promise.all(work)
  const ms = await examineAll(run, stage)
  report.rounds++
  const { made, acknowledged } = report.edits
  const line = `round ${round}: recovered in ${(ms / 1000).toFixed(1)} s; ${made} edits, ${acknowledged} acknowledged so far`
  log(line)
  options.say(line)
}

/** Applies the oracles, when the faults are over. @returns milliseconds until everything was equal and saved */
export async function examineAll({ options, report, before, log }: Run, stage: Stage): Promise<number> {
  const settled = await settle(stage, options.recoverMs, log)
  report.longestRecoveryMs = Math.max(report.longestRecoveryMs, settled.ms)
  const { findings, edits } = await examine(stage, settled.fingerprints)
  report.findings.push(...settled.findings, ...findings)
  report.edits = { made: before.made + edits.made, acknowledged: before.acknowledged + edits.acknowledged }
  return settled.ms
}

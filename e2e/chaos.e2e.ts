import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFailed, test } from 'vitest'
import { runChaos } from './chaos/chaos.ts'
import type { ChaosOptions } from './chaos/options.ts'
import { describe } from './chaos/report.ts'

/** A short run of `npm run chaos`. A failure here is a bug: e2e/chaos/README.md says how to look into it. */
async function survive(options: Pick<ChaosOptions, 'seed' | 'rounds'>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
  const lines: string[] = []
  onTestFailed(() => {
    console.error(`${lines.join('\n')}\nlogs, notes and plans are in ${folder}`)
    console.error(readFileSync(join(folder, 'chaos.log'), 'utf8').split('\n').slice(-60).join('\n'))
  })
  const report = await runChaos({
    ...options,
    folder,
    tabs: 5,
    documents: 2,
    roundMs: 12_000,
    editMs: 150,
    faultMs: 700,
    pasteSize: 300_000,
    minutes: 10,
    from: 1,
    freshAfter: 8,
    recoverMs: 120_000,
    say: (line) => void lines.push(line),
    env: {},
  })
  lines.push(describe(report))
  expect(report.findings).toEqual([])
  expect(report.passed).toBe(true)
  // Were nothing written or nothing broken, nothing would be proven.
  expect(report.rounds).toBe(options.rounds)
  expect(report.edits.acknowledged).toBeGreaterThan(200)
  const kills = Object.entries(report.counts).filter(([name]) => name.startsWith('kill '))
  expect(kills.length).toBeGreaterThan(2)
  rmSync(folder, { recursive: true, force: true })
}

// About a minute; a machine that is busy otherwise may take several times as long to start processes again.
test(
  'whatever is killed, paused and cut off, no edit that was kept or saved is lost, and none is doubled',
  () => survive({ seed: 7, rounds: 3 }),
  600_000,
)

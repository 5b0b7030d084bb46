import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report, Row } from '../report.ts'
import type { Bench, Scenario } from './scenario.ts'
import { acknowledgement } from './scenarios/acknowledgement.ts'
import { hotRoom } from './scenarios/hot-room.ts'
import { joinStorm } from './scenarios/join-storm.ts'
import { memory } from './scenarios/memory.ts'
import { opening } from './scenarios/opening.ts'
import { pastes } from './scenarios/pastes.ts'
import { presence } from './scenarios/presence.ts'
import { smallRooms } from './scenarios/small-rooms.ts'
import { wire } from './scenarios/wire.ts'
import { moveToLoadCore, pinned, withoutAutogroups } from './servers/cores.ts'
import { startPlatform } from './servers/platform.ts'
import { targetNames } from './servers/target.ts'

/** In the order of the table. */
const scenarios: Scenario[] = [hotRoom, smallRooms, wire, acknowledgement, joinStorm, presence, memory, opening, pastes]

/** What can be asked for alone. */
export const scenarioNames = scenarios.map(({ name }) => name)

export interface RealtimeOptions {
  /** Scenarios by name; all when empty. */
  only: string[]
  quick: boolean
  /** A folder for CPU profiles of the servers while they are measured. */
  profiles: string | null
}

/**
 * The real-time core beside Hocuspocus, y-websocket's server and a bare relay, each a process of its own on one core,
 * with the load on the other; see bench/README.md.
 */
export async function realtime({ only, quick, profiles }: RealtimeOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-said-'))
  if (profiles) mkdirSync(profiles, { recursive: true })
  moveToLoadCore()
  const regroup = withoutAutogroups()
  const say = (line: string): void => console.error(line)
  const platform = await startPlatform(folder)
  const bench: Bench = { platform, folder, quick, profiles, say }
  const rows: Row[] = []
  const began = performance.now()
  try {
    for (const scenario of scenarios) {
      if (only.length > 0 && !only.includes(scenario.name)) continue
      const since = performance.now()
      say(scenario.name)
      rows.push(...(await scenario.run(bench).catch((error: unknown) => failed(scenario, error))))
      say(`  ${((performance.now() - since) / 1000).toFixed(0)} s`)
    }
  } finally {
    await platform.stop()
    regroup?.()
    rmSync(folder, { recursive: true, force: true })
  }
  const cores = pinned
    ? 'servers on core 0 (ours: collaboration, document, gateway and PostgreSQL together), load on core 1'
    : 'not pinned: this machine has one core, or no taskset'
  const groups = regroup
    ? ''
    : '; the core is shared by sessions (kernel.sched_autogroup_enabled), which only root may end'
  return {
    title: 'Real-time core',
    note: `In one run of ${((performance.now() - began) / 1000).toFixed(0)} s; ${cores}${groups}. Figures are of the server process alone unless a line says more. Only ours writes to a database.`,
    columns: [...targetNames, 'ws relay'],
    rows,
  }
}

/** A scenario that could not be told at all: the others are. */
function failed({ name }: Scenario, error: unknown): Row[] {
  console.error(error)
  return [{ name, figures: { ours: String(error) }, target: '–', met: null }]
}

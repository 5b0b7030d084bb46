import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Cell, Row } from '../report.ts'
import type { Typed } from './load/pace.ts'
import type { Room } from './load/room.ts'
import { describeProfile } from './profile.ts'
import { startPeer } from './servers/peer.ts'
import type { Platform } from './servers/platform.ts'
import type { ServerProcess } from './servers/server-process.ts'
import { type Target, type TargetName, targetNames } from './servers/target.ts'

/** What a scenario runs with. */
export interface Bench {
  platform: Platform
  /** Where servers write what they say. */
  folder: string
  /** Shorter, for whoever changes a scenario. */
  quick: boolean
  /** Where profiles of the servers are written; null for none. */
  profiles: string | null
  /** Says what goes on, to whoever waits. */
  say(line: string): void
}

/** One line or more of the table. */
export interface Scenario {
  name: string
  run(bench: Bench): Promise<Row[]>
}

/** What processes did while some work was done. */
export interface Use {
  seconds: number
  /** CPU seconds of the server that the clients talk to. */
  cpu: number
  /** CPU seconds of those beside it, by name, and of all together with the server. */
  beside: Record<string, number>
  platform: number
  /** Milliseconds by which the server's loop was late. */
  loop: { p99: number; max: number }
  /** Share of a core that the load itself used: near 1 its own waiting is in every latency. */
  load: number
}

/** Processes that can be measured. */
export interface Measurable {
  name: string
  server: ServerProcess
  beside(): Record<string, number>
}

/** Does some work and tells what the processes of `target` used for it. */
export async function measured<T>(
  bench: Bench,
  target: Measurable,
  name: string,
  work: () => Promise<T>,
): Promise<{ result: T; use: Use }> {
  // What was written to start a database anew would otherwise be written out while commits are timed.
  spawnSync('sync')
  const profiled = bench.profiles ? serversOf(target) : []
  for (const server of profiled) await server.startProfile()
  await target.server.resetLoop()
  const beside = target.beside()
  const cpu = target.server.cpu()
  const load = process.cpuUsage()
  const began = performance.now()
  const result = await work()
  const seconds = (performance.now() - began) / 1000
  const spent = target.server.cpu() - cpu
  const after = target.beside()
  const { user, system } = process.cpuUsage(load)
  const loop = await target.server.loop()
  for (const server of profiled) {
    const file = join(bench.profiles ?? '', `${name}-${target.name}-${server.name}.cpuprofile`)
    await server.stopProfile(file)
    bench.say(describeProfile(file))
  }
  const besides = Object.fromEntries(Object.entries(after).map(([part, value]) => [part, value - (beside[part] ?? 0)]))
  const platform = spent + Object.values(besides).reduce((sum, value) => sum + value, 0)
  return {
    result,
    use: { seconds, cpu: spent, beside: besides, platform, loop, load: (user + system) / 1e6 / seconds },
  }
}

function serversOf(target: Measurable): ServerProcess[] {
  return 'document' in target ? [target.server, target.document as ServerProcess] : [target.server]
}

/** What was found of each server; of one that failed, why. */
export type Found<T> = Partial<Record<TargetName, T | Failure>>

/** Why a server has no figure. */
export class Failure {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** Does the same with each server, one after the other, each with an empty process. What fails fails for itself. */
export async function withEach<T>(
  bench: Bench,
  work: (target: Target) => Promise<T>,
  names: readonly TargetName[] = targetNames,
): Promise<Found<T>> {
  const found: Found<T> = {}
  for (const name of names) {
    let target: Target = bench.platform
    try {
      if (name === 'ours') await bench.platform.restart()
      else target = await startPeer(name, bench.folder)
      bench.say(`  ${name}`)
      found[name] = await work(target)
    } catch (error) {
      const reason = target.server.ended() ?? (error instanceof Error ? error.message : String(error))
      found[name] = new Failure(reason)
      const said = serversOf(target).map((server) => `--- ${server.name}\n${server.lastWords()}`)
      bench.say(`  ${name}: ${error instanceof Error ? error.stack : error}\n${said.join('\n')}`)
    } finally {
      if (name !== 'ours') await target.stop().catch(() => undefined)
    }
  }
  return found
}

/** The cells of a row: one figure of each server, or why it has none. */
export function cells<T>(found: Found<T>, figure: (one: T, name: TargetName) => Cell): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(found).map(([name, one]) => [
      name,
      one instanceof Failure ? one.reason : figure(one, name as TargetName),
    ]),
  )
}

/** What was found of one server; null when it failed or was not asked. */
export function of<T>(found: Found<T>, name: TargetName): T | null {
  const one = found[name]
  return one === undefined || one instanceof Failure ? null : one
}

/** The smallest figure of the peers; null when none has one. */
export function better<T>(found: Found<T>, figure: (one: T) => number): number | null {
  const figures = (['Hocuspocus', 'y-websocket'] as const).flatMap((name) => {
    const one = of(found, name)
    return one === null ? [] : [figure(one)]
  })
  return figures.length > 0 ? Math.min(...figures) : null
}

/** A row with a target: met when our figure is there and at most as large. */
export function atMost(name: string, cellsOf: Record<string, Cell>, limit: number | null, words?: string): Row {
  const own = cellsOf.ours
  const target = words ?? (limit === null ? '–' : `≤ ${Number(limit.toPrecision(3))}`)
  return { name, figures: cellsOf, target, met: typeof own === 'number' && limit !== null ? own <= limit : null }
}

/** @throws Error when anything came that nobody sent, or a client was let go: then no figure is one. */
export function complain(typed: Typed, rooms: Room[]): void {
  if (typed.strange > 0) throw new Error(`${typed.strange} deliveries of what nobody sent`)
  const lost = rooms.flatMap((room) => room.lost)
  if (lost.length > 0) throw new Error(`${lost.length} clients were let go: ${lost[0]}`)
}

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { identityOf, isSame } from './identity.ts'

/** A child as its pid file tells of it. */
export interface Recorded {
  name: string
  pid: number
  identity: string | null
}

/** Writes down that a part runs, so that the next supervisor can find it should this one be killed. */
export function recordChild(folder: string, name: string, pid: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${name}.json`)
  writeFileSync(`${file}.new`, JSON.stringify({ name, pid, identity: identityOf(pid) }), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Forgets a child that has ended. */
export function forgetChild(folder: string, name: string): void {
  rmSync(join(folder, `${name}.json`), { force: true })
}

/** The children written down in a folder, running or not. */
export function recordedChildren(folder: string): Recorded[] {
  let files: string[]
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  } catch {
    return []
  }
  return files.flatMap((file) => {
    try {
      const { pid, identity } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Partial<Recorded>
      return typeof pid === 'number' ? [{ name: file.slice(0, -5), pid, identity: identity ?? null }] : []
    } catch {
      return []
    }
  })
}

/** Milliseconds a leftover gets to end by itself: it is draining already, its channel having closed. */
const PATIENCE_MS = 4_000

/**
 * Ends the services that an earlier supervisor left running, and returns their names. A pid that belongs to another
 * process by now is left alone; so is PostgreSQL, which its own start takes care of.
 */
export async function endLeftovers(folder: string, patienceMs = PATIENCE_MS): Promise<string[]> {
  const children = recordedChildren(folder).filter(({ name }) => name !== 'postgres')
  const alive = children.filter(({ pid, identity }) => isSame(pid, identity))
  await Promise.all(alive.map((child) => end(child, patienceMs)))
  for (const { name } of children) forgetChild(folder, name)
  return alive.map(({ name }) => name)
}

async function end({ pid, identity }: Recorded, patienceMs: number): Promise<void> {
  send(pid, 'SIGTERM')
  const until = Date.now() + patienceMs
  while (isSame(pid, identity)) {
    if (Date.now() > until) {
      send(-pid, 'SIGKILL')
      send(pid, 'SIGKILL')
      return
    }
    await delay(25)
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in between.
  }
}

import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Binaries, copyBinaries, locateBinaries } from './binaries.ts'
import { PostgresFailed } from './failure.ts'
import { canRun, type Identity, type IdentityKind, identities, own } from './identity.ts'
import { isAlive, startOf } from './processes.ts'

/** What is remembered beside the cluster, in `server.json`. */
type State = {
  port?: number
  /** The folder that holds the cluster, when it cannot be the data folder itself. */
  folder?: string
  supervisor?: { pid: number; start: string } | null
}

/** Where a cluster lives and as whom it is served. */
export type Place = { binaries: Binaries; identity: Identity; folder: string; data: string }

/** The cluster's own folder below `folder`. */
const CLUSTER = 'cluster'

/**
 * Settles where the cluster lives, as whom PostgreSQL runs, and with which copy of its programs. Below a folder that
 * only root may enter, another user can reach nothing: then the cluster moves to `elsewhere`, and stays there.
 */
export function choosePlace(dataDir: string, kinds?: IdentityKind[], elsewhere = '/var/lib'): Place {
  const located = locateBinaries(dataDir)
  const home = readState(dataDir).folder ?? dataDir
  const wanted = identities().filter(({ kind }) => !kinds || kinds.includes(kind))
  for (const identity of wanted) {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    if (canRun(identity, located, home)) return settle(located, identity, home)
    if (identity.kind !== 'user') continue
    const outside = join(
      elsewhere,
      `realtime-collaborator-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`,
    )
    mkdirSync(outside, { recursive: true })
    chmodSync(outside, 0o755)
    const copied = copyBinaries(located, outside)
    const folder = join(outside, 'postgres')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!canRun(identity, copied, folder)) continue
    if (home !== folder) move(join(home, CLUSTER), join(folder, CLUSTER))
    writeState(dataDir, { folder })
    return settle(copied, identity, folder)
  }
  throw new PostgresFailed(
    `PostgreSQL cannot run here: ${dataDir} must belong to you and allow programs to run. Set DATABASE_URL to use a PostgreSQL of your own.`,
  )
}

function settle(binaries: Binaries, identity: Identity, folder: string): Place {
  const data = join(folder, CLUSTER)
  if (existsSync(data)) own(identity, data)
  return { binaries, identity, folder, data }
}

/** Copies and renames, so that a cut leaves either the old place or the new one complete. */
function move(from: string, to: string): void {
  if (!existsSync(from) || existsSync(to)) return
  const half = `${to}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(dirname(half), { recursive: true })
  cpSync(from, half, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  renameSync(half, to)
  renameSync(from, `${from}.moved`)
}

/** Whether a living program serves from this folder. */
export function isClaimed(dataDir: string): boolean {
  const { supervisor } = readState(dataDir)
  return !!supervisor && isAlive(supervisor.pid) && startOf(supervisor.pid) === supervisor.start
}

/** Refuses when another living program serves from this folder; else notes that this one does. */
export function claim(dataDir: string): void {
  const { supervisor } = readState(dataDir)
  if (supervisor && supervisor.pid !== process.pid && isClaimed(dataDir)) {
    throw new PostgresFailed(
      `The database in ${dataDir} is in use by a running program (process ${supervisor.pid}). Stop that one first, or choose another DATA_DIR.`,
    )
  }
  writeState(dataDir, { supervisor: { pid: process.pid, start: startOf(process.pid) } })
}

/** Undoes `claim`. */
export function release(dataDir: string): void {
  if (readState(dataDir).supervisor?.pid === process.pid) writeState(dataDir, { supervisor: null })
}

export function readState(dataDir: string): State {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as State
  } catch {
    return {}
  }
}

export function writeState(dataDir: string, change: State): void {
  const file = join(dataDir, 'server.json')
  const half = `${file}.${process.pid}`
  writeFileSync(half, `${JSON.stringify({ ...readState(dataDir), ...change })}\n`, { mode: 0o600 })
  renameSync(half, file)
}

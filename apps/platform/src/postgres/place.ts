import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Binaries, copyBinaries } from './binaries.ts'
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

/** The cluster's folder as it is now, whether it exists or not. */
export function clusterOf(dataDir: string): string {
  return join(homeOf(dataDir), CLUSTER)
}

export type PlaceOptions = { identities?: IdentityKind[]; elsewhere?: string }

/**
 * Settles where the cluster lives, as whom PostgreSQL runs, and with which copy of its programs. Below a folder that
 * only root may enter, another user can reach nothing: then the cluster moves to `elsewhere`, and stays there.
 */
export function choosePlace(dataDir: string, located: Binaries, options: PlaceOptions): Place {
  const { identities: kinds, elsewhere = '/var/lib' } = options
  const home = homeOf(dataDir)
  for (const identity of identities()) {
    if (kinds && !kinds.includes(identity.kind)) continue
    mkdirSync(home, { recursive: true, mode: 0o700 })
    if (canRun(identity, located, home)) return settle(located, identity, home)
    if (identity.kind !== 'user') continue
    // Perhaps only the programs lie where the other user cannot go.
    const root = home === dataDir ? home : dirname(home)
    const beside = copyBinaries(located, root)
    if (canRun(identity, beside, home)) return settle(beside, identity, home)
    rmSync(dirname(beside.native), { recursive: true, force: true })
    const outside = open(join(elsewhere, `realtime-collaborator-${digest(dataDir)}`))
    const copied = outside && copyBinaries(located, outside)
    const folder = join(outside ?? '', 'postgres')
    if (!copied || !canRun(identity, copied, folder)) continue
    move(dataDir, folder)
    return settle(copied, identity, folder)
  }
  throw new PostgresFailed(
    `PostgreSQL cannot run here: ${dataDir} must belong to you and allow programs to run. Set DATABASE_URL to use a PostgreSQL of your own.`,
  )
}

function homeOf(dataDir: string): string {
  return readState(dataDir).folder ?? dataDir
}

function settle(binaries: Binaries, identity: Identity, folder: string): Place {
  const data = join(folder, CLUSTER)
  if (existsSync(data)) own(identity, data)
  return { binaries, identity, folder, data }
}

/** Makes a folder that everyone may enter, with one for the data inside; null where that is not permitted. */
function open(folder: string): string | null {
  try {
    mkdirSync(join(folder, 'postgres'), { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o755)
    return folder
  } catch {
    return null
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** Moves the cluster. Until the last but one line the data folder is the truth, after it the new place is. */
function move(dataDir: string, folder: string): void {
  const from = join(dataDir, CLUSTER)
  const to = join(folder, CLUSTER)
  if (from === to || readState(dataDir).folder === folder) return
  // Left by a move that was cut, or by a data folder that someone removed.
  if (existsSync(to)) renameSync(to, `${to}.old-${Date.now()}`)
  if (existsSync(from)) cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  writeState(dataDir, { folder })
  if (existsSync(from)) renameSync(from, `${from}.moved`)
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

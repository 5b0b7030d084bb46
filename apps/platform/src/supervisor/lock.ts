import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { identityOf, isSame } from './identity.ts'

/** Another supervisor holds the data folder; the message names it. */
export class Locked extends Error {
  override readonly name = 'Locked'
}

interface Holder {
  pid: number
  identity: string | null
}

/**
 * Takes the lock file for this process, also from a holder that is gone; returns how to let go of it.
 * @throws Locked while its holder lives
 */
export function takeLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const own: Holder = { pid: process.pid, identity: identityOf(process.pid) }
  const mine = `${file}.${process.pid}`
  for (;;) {
    writeFileSync(mine, JSON.stringify(own), { mode: 0o600 })
    try {
      place(mine, file, own)
      rmSync(mine)
      return () => release(file, own)
    } catch (error) {
      rmSync(mine, { force: true })
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const found = readHolder(file)
    if (found && isSame(found.pid, found.identity)) {
      throw new Locked(`Realtime Collaborator runs already on ${dirname(file)} (process ${found.pid}).`)
    }
    setAside(file, found)
  }
}

/** A link appears whole or not at all, and never replaces anything; some file systems have none. */
function place(mine: string, file: string, own: Holder): void {
  try {
    linkSync(mine, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 })
  }
}

/** Who holds the lock; null when nobody does or it cannot be read. */
export function readHolder(file: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value)) return null
    const identity = 'identity' in value && typeof value.identity === 'string' ? value.identity : null
    return { pid: Number(value.pid), identity }
  } catch {
    return null
  }
}

/** Removes a stale lock; if another process took it over in between, that one's lock is put back. */
function setAside(file: string, stale: Holder | null): void {
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = readHolder(aside)
  if (moved && moved.pid !== stale?.pid && isSame(moved.pid, moved.identity)) linkSync(aside, file)
  rmSync(aside, { force: true })
}

function release(file: string, own: Holder): void {
  if (readHolder(file)?.pid === own.pid) rmSync(file, { force: true })
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const state = z.object({
  publicUrl: z.string(),
  /** Where this machine reaches the gateway. */
  url: z.string(),
  /** The database as an administrator; only who may read the secrets may read this file. */
  databaseUrl: z.string(),
  /** The internal routes of document, for repairs. */
  documentUrl: z.string().optional(),
})
/** What a running supervisor tells others on this machine. */
export type State = z.infer<typeof state>

/** Writes down where the platform answers, for the doctor. */
export function writeState(dataDir: string, value: State): void {
  writeFileSync(file(dataDir), JSON.stringify(value), { mode: 0o600 })
}

/** What the last supervisor wrote; it may be gone. */
export function readState(dataDir: string): State | null {
  try {
    return state.parse(JSON.parse(readFileSync(file(dataDir), 'utf8')))
  } catch {
    return null
  }
}

export function clearState(dataDir: string): void {
  rmSync(file(dataDir), { force: true })
}

function file(dataDir: string): string {
  return join(dataDir, 'platform.json')
}

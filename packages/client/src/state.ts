import type { Permission, Problem } from '@realtime/contracts'
import type { SetAside } from './copies.ts'

/** What a provider knows of itself; a new object whenever something changes. */
export interface ProviderState {
  /**
   * `connecting`: not joined yet in this attempt, and never lost a joined connection. `online`: joined. `offline`: the
   * connection was lost or could not be made; it is tried again. `refused`: the server said no; see `problem`.
   */
  phase: 'connecting' | 'online' | 'offline' | 'refused'
  /** Whether the document was in sync with the server at least once. */
  everSynced: boolean
  /** Own updates that the server has not confirmed as committed. */
  pending: number
  /** Whether all of them are kept on this device, and so outlive the tab. */
  persisted: boolean
  /** Whether what an earlier session kept is not read yet: there may be more to save. */
  loading: boolean
  /** Whether it could not be read in several attempts; it is tried on and on, and until then `persisted` is false. */
  unread: boolean
  /** Milliseconds that the oldest of them waits while online, once that is longer than usual; else null. */
  stalledMs: number | null
  permission: Permission | null
  /** Why the server refused, or why the connection cannot be made. */
  problem: Problem | null
  /**
   * The private copy into which edits went that the server will never take. From then on the replica holds what the
   * server does not, and the provider is over: open a fresh one.
   */
  setAside: SetAside | null
  /** How many private copies were made here, also of edits that an earlier session left: look into the store. */
  copies: number
}

export type SaveKind = 'saved' | 'unread' | 'saving' | 'offline' | 'reconnecting' | 'failed'

export interface SaveState {
  kind: SaveKind
  /** Updates not yet saved on the server. */
  count: number
  /** Why it cannot be saved, for `failed`; for `unread` what is not known. */
  reason: string | null
}

/** How long a commit may take before the state says so, in milliseconds. */
export const STALL_MS = 5_000

/**
 * The save state, derived from the server's watermark alone: `saved` only when every own update is committed, those of
 * earlier sessions on this device as well. `unread`: those of this one are, of others nobody knows.
 */
export function saveState(state: ProviderState): SaveState {
  const count = state.pending
  if (state.phase === 'refused')
    return { kind: 'failed', count, reason: state.problem?.message ?? 'The server refused it.' }
  if (state.phase !== 'online') return { kind: count > 0 ? 'offline' : 'reconnecting', count, reason: null }
  if (count === 0 && state.unread)
    return { kind: 'unread', count, reason: 'what was kept on this device earlier cannot be read; still trying' }
  if (count === 0) return { kind: state.loading ? 'saving' : 'saved', count, reason: null }
  if (state.stalledMs !== null) {
    const seconds = Math.round(state.stalledMs / 1000)
    return {
      kind: 'failed',
      count,
      reason: `the server has not confirmed the last changes for ${seconds} s; still trying`,
    }
  }
  return { kind: 'saving', count, reason: null }
}

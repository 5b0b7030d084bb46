import type { Problem } from '@realtime/contracts'
import { LOADING, type Session, type SessionSnapshot } from './session.ts'

/** The documents open in this tab: one session each, however many components look at it. */
export interface Sessions {
  /** Takes part; the first opens the session. @returns a function that leaves */
  join(key: string, open: () => Session, listener: () => void): () => void
  /** What is known of a session; `LOADING` when nobody takes part. */
  snapshot(key: string): SessionSnapshot
  retry(key: string): void
  refuse(key: string, problem: Problem): void
}

interface Entry {
  session: Session
  users: number
  closing: ReturnType<typeof setTimeout> | undefined
}

/** Whether edits would be sent later, or nowhere be kept, if the session ended now. */
function isWaiting(session: Session): boolean {
  const { state } = session.snapshot()
  if (!state || state.pending === 0) return false
  return state.phase !== 'refused' || !state.persisted
}

/** Whether who comes back needs a new session: they may have been let in again since. */
function isSpent(session: Session): boolean {
  const { state, failure } = session.snapshot()
  return (state?.phase === 'refused' || failure !== null) && !isWaiting(session)
}

/**
 * Makes a registry whose sessions close `lingerMs` after their last user left: coming back is then instant. One with
 * unsaved edits stays until they are saved.
 */
export function createSessions(lingerMs: number): Sessions {
  const entries = new Map<string, Entry>()
  return {
    join(key, open, listener) {
      let entry = entries.get(key)
      if (entry?.users === 0 && isSpent(entry.session)) {
        clearTimeout(entry.closing)
        entry.session.close()
        entry = undefined
      }
      if (!entry) {
        entry = { session: open(), users: 0, closing: undefined }
        entries.set(key, entry)
      }
      const joined = entry
      clearTimeout(joined.closing)
      joined.users++
      const unsubscribe = joined.session.subscribe(listener)
      let left = false
      return () => {
        if (left) return
        left = true
        unsubscribe()
        if (--joined.users > 0) return
        const close = (): void => {
          // Its page is gone, not what was typed there: the session goes on in the background until that is saved.
          if (isWaiting(joined.session)) {
            joined.closing = setTimeout(close, lingerMs)
            return
          }
          entries.delete(key)
          joined.session.close()
        }
        joined.closing = setTimeout(close, lingerMs)
      }
    },
    snapshot: (key) => entries.get(key)?.session.snapshot() ?? LOADING,
    retry: (key) => entries.get(key)?.session.retry(),
    refuse: (key, problem) => entries.get(key)?.session.refuse(problem),
  }
}

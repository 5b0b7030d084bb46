import { createHash } from 'node:crypto'
import { authApi, call } from '@realtime/contracts'

/** Seconds that auth waits for another list before it answers with the same; half of the deadline of a call. */
const WAIT_S = 2
const TIMEOUT_MS = 5_000
/** Between two questions when auth is away, or answers the same without having waited. */
const PAUSE_MS = 400

/** Hears that sessions were revoked, with how to ask whether one is. */
export type RevokedListener = (isRevoked: (sessionId: string) => boolean) => void

/** The sessions revoked while a token of theirs may still live, as auth tells them. */
export interface RevocationList {
  has(sessionId: string): boolean
  /** Calls `listener` whenever there are more of them; the answer ends it. */
  onRevoked(listener: RevokedListener): () => void
  stop(): void
}

/** The published form of a session id: its SHA-256, hex. */
export function revocationHash(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex')
}

/**
 * Follows auth's list of revoked sessions by long polling: it is here some milliseconds after a session has ended.
 * While auth is down the last list stays in force.
 */
export function revocationList(authUrl: string): RevocationList {
  const caller = { baseUrl: authUrl, name: 'auth', timeoutMs: TIMEOUT_MS }
  const stopping = new AbortController()
  const listeners = new Set<RevokedListener>()
  let revoked = new Set<string>()
  const has = (sessionId: string): boolean => revoked.size > 0 && revoked.has(revocationHash(sessionId))
  const run = async (): Promise<void> => {
    let known: string | undefined
    while (!stopping.signal.aborted) {
      const began = performance.now()
      let news = false
      try {
        const query = { known, wait: known === undefined ? 0 : WAIT_S }
        const answer = await call(caller, authApi.revocations, { query }, { signal: stopping.signal })
        news = answer.tag !== known
        known = answer.tag
        const more = answer.revoked.some((hash) => !revoked.has(hash))
        revoked = new Set(answer.revoked)
        if (more) for (const listener of [...listeners]) listener(has)
      } catch {
        // Auth is down or starting: tokens live ten minutes at most, and the next question tries again.
      }
      if (!news && !stopping.signal.aborted && performance.now() - began < PAUSE_MS) await pause(stopping.signal)
    }
  }
  void run()
  return {
    has,
    onRevoked(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop: () => stopping.abort(),
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, PAUSE_MS).unref()
    signal.addEventListener('abort', end)
  })
}

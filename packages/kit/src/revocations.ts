import { createHash } from 'node:crypto'
import { authApi, call } from '@realtime/contracts'

const POLL_MS = 2_000

/** The sessions revoked while a token of theirs may still live, kept fresh from auth every two seconds. */
export interface RevocationList {
  has(sessionId: string): boolean
  stop(): void
}

/** The published form of a session id: its SHA-256, hex. */
export function revocationHash(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex')
}

/** Follows auth's list of revoked sessions. While auth is down the last list stays in force. */
export function revocationList(authUrl: string): RevocationList {
  let revoked = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const poll = async (): Promise<void> => {
    try {
      const answer = await call({ baseUrl: authUrl, name: 'auth', timeoutMs: 3_000 }, authApi.revocations, {})
      revoked = new Set(answer.revoked)
    } catch {
      // Auth is down or starting: tokens live ten minutes at most, and the next beat tries again.
    }
    if (!stopped) timer = setTimeout(() => void poll(), POLL_MS).unref()
  }
  void poll()
  return {
    has: (sessionId) => revoked.size > 0 && revoked.has(revocationHash(sessionId)),
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

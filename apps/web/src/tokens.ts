import { USER_TOKEN_SECONDS } from '@realtime/contracts'

export interface IssuedToken {
  token: string
  /** ISO time. */
  expiresAt: string
}

/** The user token of this tab, kept in memory only. */
export interface TokenSource {
  /** A token that is good for at least a minute. Callers at the same time share one request. */
  token(): Promise<string>
  /** A new token in place of `refused`, unless somebody fetched one since. */
  renew(refused: string): Promise<string>
  /** Forgets the token, after signing in or out. */
  forget(): void
}

/** Tokens are renewed this long before they expire, in milliseconds: a minute, and some for the way. */
const MARGIN_MS = 75_000

/** Keeps a token and fetches a new one a minute before it expires. Failures of `fetchToken` reach every caller. */
export function createTokenSource(fetchToken: () => Promise<IssuedToken>, now: () => number = Date.now): TokenSource {
  let held: { token: string; until: number } | null = null
  let fetching: Promise<string> | null = null

  function fetchOnce(): Promise<string> {
    if (fetching) return fetching
    const mine = fetchToken()
      .then((issued) => {
        if (fetching === mine) held = { token: issued.token, until: now() + lifeOf(issued, now()) }
        return issued.token
      })
      .finally(() => {
        if (fetching === mine) fetching = null
      })
    fetching = mine
    return mine
  }

  return {
    async token() {
      if (held && now() < held.until - MARGIN_MS) return held.token
      return fetchOnce()
    },
    async renew(refused) {
      if (held && held.token !== refused) return held.token
      held = null
      return fetchOnce()
    },
    forget() {
      held = null
      fetching = null
    },
  }
}

/** Milliseconds a token lives. A device whose clock is wrong would see none or too long a life: then the full one. */
function lifeOf(issued: IssuedToken, now: number): number {
  const left = Date.parse(issued.expiresAt) - now
  const full = USER_TOKEN_SECONDS * 1000
  return left > 0 && left <= full ? left : full
}

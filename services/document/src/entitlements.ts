import { billingInternal, type Caller, call, type Entitlements, Problem } from '@realtime/contracts'

/** Answers what organizations may use, by asking the organization service. */
export interface EntitlementsOf {
  /** @throws Problem `unavailable` when it is not cached and the organization service cannot be asked */
  find(organizationId: string): Promise<Entitlements>
}

/** How long an answer is believed: a plan that was just bought counts after this. */
const CACHE_MS = 5_000
const MOST_CACHED = 10_000

/** Entitlements with a cache of seconds. Without an answer nothing is allowed: see `find`. */
export function entitlements(caller: Caller): EntitlementsOf {
  const cache = new Map<string, { answer: Promise<Entitlements>; at: number }>()
  const ask = async (organizationId: string): Promise<Entitlements> => {
    try {
      return await call(caller, billingInternal.entitlements, { params: { organizationId } })
    } catch (cause) {
      if (cause instanceof Problem && cause.key === 'not-found') throw cause
      const extra = { upstream: 'organization' }
      throw new Problem('unavailable', 'The organization service cannot be reached.', { cause, extra })
    }
  }
  return {
    find(organizationId) {
      const known = cache.get(organizationId)
      if (known && performance.now() - known.at <= CACHE_MS) return known.answer
      if (cache.size >= MOST_CACHED) cache.clear()
      const entry = { answer: ask(organizationId), at: performance.now() }
      cache.set(organizationId, entry)
      entry.answer.catch(() => {
        if (cache.get(organizationId) === entry) cache.delete(organizationId)
      })
      return entry.answer
    },
  }
}

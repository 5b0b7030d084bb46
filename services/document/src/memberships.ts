import { type Change, call, organizationInternal, Problem, type Role } from '@realtime/contracts'
import { followChanges, type Log, serviceCaller } from '@realtime/kit'

/** What a person is in an organization. */
export interface Membership {
  role: Role
  name: string
  image: string | null
}

/** Answers what people are in organizations, by asking the organization service. */
export interface Memberships {
  /** @throws Problem `unavailable` when it is not cached and the organization service cannot be asked */
  find(organizationId: string, userId: string): Promise<Membership | null>
  /** Calls `onChange` after a membership has changed or may have; the answer ends it. */
  watch(onChange: () => void): () => void
  stop(): void
}

/** How long an answer is believed, while the organization service tells of changes. */
const CACHE_MS = 10_000
/** After this silence the cache is void: the organization service or the way to it is down. */
const SILENCE_MS = 3_000
const MOST_CACHED = 20_000

/** Memberships with a cache of seconds that the organization service's changes empty. */
export function memberships(options: { url: string; secret: string; log: Log }): Memberships {
  const caller = serviceCaller({ from: 'document', to: 'organization', timeoutMs: 3_000, ...options })
  const cache = new Map<string, { membership: Membership; at: number }>()
  const asking = new Map<string, Promise<Membership | null>>()
  const watchers = new Set<() => void>()
  const tell = (): void => {
    for (const watcher of [...watchers]) watcher()
  }
  // Rises with each change: an answer that was under way meanwhile is given but not kept.
  let generation = 0
  const clear = (): void => {
    generation++
    cache.clear()
    asking.clear()
    tell()
  }
  const onChange = ({ type, subject: { organizationId, userId } }: Change): void => {
    if (type === 'membership.changed' && organizationId && userId) {
      generation++
      cache.delete(`${organizationId} ${userId}`)
      asking.delete(`${organizationId} ${userId}`)
      tell()
    } else {
      clear()
    }
  }
  const follower = followChanges({ caller, log: options.log, onChange, onGap: clear })

  const ask = async (organizationId: string, userId: string, key: string): Promise<Membership | null> => {
    const asked = generation
    try {
      const answer = await call(caller, organizationInternal.membership, { params: { organizationId, userId } })
      // Who is not a member is never kept: they may have just joined.
      if (answer.membership && asked === generation) {
        if (cache.size >= MOST_CACHED) cache.clear()
        cache.set(key, { membership: answer.membership, at: performance.now() })
      }
      return answer.membership
    } catch (cause) {
      const extra = { upstream: 'organization' }
      if (cause instanceof Problem && cause.status < 500 && cause.status !== 429) {
        throw new Problem('upstream-failed', undefined, { cause, extra })
      }
      throw new Problem('unavailable', 'The organization service cannot be reached.', { cause, extra })
    }
  }

  return {
    find(organizationId, userId) {
      const key = `${organizationId} ${userId}`
      const known = cache.get(key)
      const live = follower.silentMs() <= SILENCE_MS
      if (known && live && performance.now() - known.at <= CACHE_MS) return Promise.resolve(known.membership)
      const under = asking.get(key)
      if (under) return under
      const answer = ask(organizationId, userId, key).finally(() => {
        if (asking.get(key) === answer) asking.delete(key)
      })
      asking.set(key, answer)
      return answer
    },
    watch(onChange) {
      watchers.add(onChange)
      return () => void watchers.delete(onChange)
    },
    stop: () => follower.stop(),
  }
}

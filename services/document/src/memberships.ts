import { type AccessNews, type Change, call, organizationInternal, Problem, type Role } from '@realtime/contracts'
import { followChanges, type Log, serviceCaller } from '@realtime/kit'
import { memberQuestions } from './member-questions.ts'

/** What a person is in an organization. */
export interface Membership {
  role: Role
  name: string
  image: string | null
  teams: string[]
}

/** Of whom: of one person in an organization, of everybody in one, or (empty) everybody's. */
export type Whose = Pick<AccessNews, 'organizationId' | 'userId'>

/** Answers what people are in organizations, by asking the organization service. */
export interface Memberships {
  /** @throws Problem `unavailable` when it is not cached and the organization service cannot be asked */
  find(organizationId: string, userId: string): Promise<Membership | null>
  /** Whether an organization is there: neither gone nor to be deleted. @throws Problem `unavailable` as `find` */
  isThere(organizationId: string): Promise<boolean>
  /**
   * Resolves when all that changed before the call is known here: what `find` answers then is as good as its source's.
   * @throws Problem `unavailable` when the organization service cannot be asked
   */
  caughtUp(): Promise<void>
  /** Calls `onChange` after memberships have changed, or are not known any more; the answer ends it. */
  watch(onChange: (whose: Whose) => void): () => void
  stop(): void
}

/** How long an answer is believed, while the organization service tells of changes. */
const CACHE_MS = 10_000
/** After this silence the cache is void: the organization service or the way to it is down. */
const SILENCE_MS = 3_000
const LISTEN_MS = 250
const MOST_CACHED = 20_000

/** Memberships with a cache of seconds that the organization service's changes empty. */
export function memberships(options: { url: string; secret: string; log: Log }): Memberships {
  const caller = serviceCaller({ from: 'document', to: 'organization', timeoutMs: 3_000, ...options })
  const question = memberQuestions(caller)
  const cache = new Map<string, { membership: Membership; at: number }>()
  const asking = new Map<string, Promise<Membership | null>>()
  /** Organizations that are there, with when that was said. */
  const there = new Map<string, number>()
  const watchers = new Set<(whose: Whose) => void>()
  // Rises with each change: an answer that was under way meanwhile is given but not kept.
  let generation = 0
  const drop = (whose: Whose): void => {
    generation++
    const { organizationId, userId } = whose
    for (const known of [cache, asking]) {
      if (organizationId === undefined) known.clear()
      else if (userId !== undefined) known.delete(`${organizationId} ${userId}`)
      else for (const key of known.keys()) if (key.startsWith(`${organizationId} `)) known.delete(key)
    }
    if (organizationId === undefined) there.clear()
    else if (userId === undefined) there.delete(organizationId)
    for (const watcher of [...watchers]) watcher(whose)
  }
  const onChange = ({ type, subject: { organizationId, userId } }: Change): void => {
    if (!organizationId) drop({})
    else drop(type === 'membership.changed' && userId ? { organizationId, userId } : { organizationId })
  }
  // Silence is told as well: from then on nobody knows.
  let silent = false
  const listening = setInterval(() => {
    const now = follower.silentMs() > SILENCE_MS
    if (now && !silent) drop({})
    silent = now
  }, LISTEN_MS).unref()
  const onGap = (): void => drop({})
  const follower = followChanges({ caller, log: options.log, onChange, onGap })

  const ask = async (organizationId: string, userId: string, key: string): Promise<Membership | null> => {
    const asked = generation
    try {
      const membership = await question(organizationId, userId)
      // Who is not a member is never kept: they may have just joined.
      if (membership && asked === generation) {
        if (cache.size >= MOST_CACHED) cache.clear()
        cache.set(key, { membership, at: performance.now() })
      }
      return membership
    } catch (cause) {
      throw away(cause)
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
    async isThere(organizationId) {
      const known = there.get(organizationId) ?? Number.NEGATIVE_INFINITY
      if (follower.silentMs() <= SILENCE_MS && performance.now() - known <= CACHE_MS) return true
      const asked = generation
      const params = { organizationId }
      const answer = await call(caller, organizationInternal.standing, { params }).catch((cause: unknown) => {
        throw away(cause)
      })
      if (answer.there && asked === generation) there.set(organizationId, performance.now())
      return answer.there
    },
    caughtUp: () =>
      follower.caughtUp().catch((cause: unknown) => {
        throw away(cause)
      }),
    watch(onChange) {
      watchers.add(onChange)
      return () => void watchers.delete(onChange)
    },
    stop() {
      clearInterval(listening)
      follower.stop()
    },
  }
}

function away(cause: unknown): Problem {
  const extra = { upstream: 'organization' }
  if (cause instanceof Problem && cause.status < 500 && cause.status !== 429) {
    return new Problem('upstream-failed', undefined, { cause, extra })
  }
  return new Problem('unavailable', 'The organization service cannot be reached.', { cause, extra })
}

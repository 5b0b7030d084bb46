import { type Caller, type Change, call, changesEndpoint, Problem } from '@realtime/contracts'
import { coalesced } from './coalesced.ts'
import type { Log } from './log.ts'

export interface ChangesFollower {
  /** Milliseconds since the owner last answered; Infinity before the first answer. */
  silentMs(): number
  /**
   * Resolves when every change that was made before the call has been told here.
   * @throws Problem `unavailable`, or another of the call, when the owner cannot be asked
   */
  caughtUp(): Promise<void>
  stop(): void
}

/** How long `caughtUp` waits for the changes it has heard of. */
const CATCH_UP_MS = 3_000

/**
 * Follows an owner's `changes` from its newest row on, by long polling. When the owner has been away, `onGap` is
 * called first, since what was cached meanwhile may be stale.
 */
export function followChanges(options: {
  caller: Caller
  log: Log
  onChange(change: Change): void
  onGap(): void
}): ChangesFollower {
  const stopping = new AbortController()
  let last = Number.NEGATIVE_INFINITY
  // Null: nothing is followed at present.
  let cursor: number | null = null
  const waiting = new Set<() => void>()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const query = cursor === null ? NEWEST : { after: cursor, wait: 2, limit: 500 }
        const answer = await call(options.caller, changesEndpoint, { query }, { signal: stopping.signal })
        if (cursor === null) options.onGap()
        last = performance.now()
        for (const change of answer.changes) options.onChange(change)
        cursor = answer.cursor
        for (const look of [...waiting]) look()
      } catch (error) {
        if (stopping.signal.aborted) return
        options.log.debug({ err: error }, `changes of ${options.caller.name} cannot be read`)
        cursor = null
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }
  void run()
  const newest = coalesced(async () => (await call(options.caller, changesEndpoint, { query: NEWEST })).cursor)
  return {
    silentMs: () => performance.now() - last,
    async caughtUp() {
      const until = await newest()
      if (cursor !== null && cursor >= until) return
      await new Promise<void>((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer)
          waiting.delete(look)
        }
        const look = (): void => {
          if (cursor === null || cursor < until) return
          end()
          resolve()
        }
        const timer = setTimeout(() => {
          end()
          reject(new Problem('unavailable', `The changes of the ${options.caller.name} service do not come.`))
        }, CATCH_UP_MS)
        waiting.add(look)
      })
    },
    stop: () => stopping.abort(),
  }
}

/** Asks for the newest cursor, and for no change. */
const NEWEST = { after: Number.MAX_SAFE_INTEGER, wait: 0, limit: 1 }

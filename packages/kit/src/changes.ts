import { type Caller, type Change, call, changesEndpoint } from '@realtime/contracts'
import type { Log } from './log.ts'

export interface ChangesFollower {
  /** Milliseconds since the owner last answered; Infinity before the first answer. */
  silentMs(): number
  stop(): void
}

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
  const run = async (): Promise<void> => {
    let cursor: number | null = null
    while (!stopping.signal.aborted) {
      try {
        const query: { after: number; wait: number; limit: number } =
          cursor === null
            ? { after: Number.MAX_SAFE_INTEGER, wait: 0, limit: 1 }
            : { after: cursor, wait: 2, limit: 500 }
        const answer = await call(options.caller, changesEndpoint, { query }, { signal: stopping.signal })
        if (cursor === null) options.onGap()
        last = performance.now()
        cursor = answer.cursor
        for (const change of answer.changes) options.onChange(change)
      } catch (error) {
        if (stopping.signal.aborted) return
        options.log.debug({ err: error }, `changes of ${options.caller.name} cannot be read`)
        cursor = null
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }
  void run()
  return { silentMs: () => performance.now() - last, stop: () => stopping.abort() }
}

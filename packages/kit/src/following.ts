import { type Caller, type Change, call, changesEndpoint } from '@realtime/contracts'
import type { Log } from './log.ts'

/** Reads an owner's changes one after the other, for good. */
export interface EveryChange {
  /** Reads no more; resolves when what was begun has ended. */
  stop(): Promise<void>
}

/** Milliseconds until another try, at first and at most. */
const RETRY_MS = 250
const LONGEST_RETRY_MS = 5_000

/**
 * Works on every change of an owner, oldest first, from the place that was kept last: for what must not be missed, also
 * while this service or the owner was away. Where several processes follow, or one ends between its work and keeping
 * the place, a change comes again: `take` must bear that.
 */
export function followEvery(options: {
  caller: Caller
  log: Log
  /** The cursor that `take` kept last; 0 where there is none. */
  load(): Promise<number>
  /** Works on some changes and keeps the cursor. What fails is given again. */
  take(changes: Change[], cursor: number): Promise<void>
}): EveryChange {
  const { caller, log } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const follow = async (): Promise<void> => {
    for (let retryMs = RETRY_MS; !signal.aborted; ) {
      try {
        const after = await options.load()
        const { changes, cursor } = await call(caller, changesEndpoint, { query: { after, wait: 2 } }, { signal })
        // A cursor before ours: the owner was set back to an earlier day, and counts on from there.
        if (changes.length > 0 || cursor < after) await options.take(changes, cursor)
        retryMs = RETRY_MS
      } catch (err) {
        if (signal.aborted) return
        log.debug({ err }, `changes of ${caller.name} were not worked on; tried again`)
        await pause(retryMs, signal)
        retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)
      }
    }
  }
  const following = follow()
  return {
    async stop() {
      stopping.abort()
      await following
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

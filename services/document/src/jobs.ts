import type { Log } from '@realtime/kit'

/** Work that comes back by itself. */
export interface Job {
  /** Runs now, unless it runs already. */
  run(): Promise<void>
  /** No more runs; resolves when the one under way has ended. */
  stop(): Promise<void>
}

/**
 * Does `work` at once and then every `everyMs`, never twice at a time; a failure is logged, and the next time is
 * another try. `work` ends early when its signal is aborted.
 */
export function job(
  name: string,
  options: { everyMs: number; log: Log },
  work: (signal: AbortSignal) => Promise<void>,
): Job {
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  const run = (): Promise<void> => {
    if (stopping.signal.aborted) return Promise.resolve()
    running ??= work(stopping.signal)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) options.log.warn({ err: error }, `${name} failed and will be tried again`)
      })
      .finally(() => {
        running = null
      })
    return running
  }
  const timer = setInterval(run, options.everyMs)
  timer.unref()
  void run()
  return {
    run,
    async stop() {
      stopping.abort()
      clearInterval(timer)
      await running
    },
  }
}

import { type ListenInput, listen } from '@realtime/kit/database'

/** One LISTEN connection for all answers that wait in this process. */
export interface Wakeups {
  /** Resolves at the next message, after `ms`, or when `signal` is aborted: whoever waited reads the table again. */
  next(ms: number, signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/** Listens on a channel. */
export function openWakeups(input: ListenInput): Wakeups {
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const go of [...waiting]) go()
  }
  // A connection that is back may have missed messages: its state wakes like a message.
  const listener = listen(input, wake, wake)
  return {
    next: (ms, signal) =>
      new Promise((resolve) => {
        const go = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', go)
          waiting.delete(go)
          resolve()
        }
        const timer = setTimeout(go, ms)
        signal.addEventListener('abort', go)
        waiting.add(go)
        if (signal.aborted) go()
      }),
    stop: () => listener.close(),
  }
}

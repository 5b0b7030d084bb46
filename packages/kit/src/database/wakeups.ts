import { type Listener, type ListenInput, listen } from './listen.ts'

/** What a reader of a channel is told. */
export interface Wakeup {
  message(payload: string): void
  /** The connection was lost, or is back: messages may be missing. */
  state?(state: 'up' | 'down'): void
}

/** One LISTEN connection shared by all readers of a channel in this process. */
export interface Wakeups {
  /** Whether messages come at present. */
  up(): boolean
  /** Adds a reader; the answer removes it. */
  subscribe(reader: Wakeup): () => void
  stop(): Promise<void>
}

/** Listens on a channel for many readers. */
export function wakeups(input: ListenInput): Wakeups {
  const readers = new Set<Wakeup>()
  let up = false
  const listener: Listener = listen(
    input,
    (payload) => {
      for (const reader of [...readers]) reader.message(payload)
    },
    (state) => {
      up = state === 'up'
      for (const reader of [...readers]) reader.state?.(state)
    },
  )
  return {
    up: () => up,
    subscribe(reader) {
      readers.add(reader)
      return () => void readers.delete(reader)
    },
    stop: () => listener.close(),
  }
}

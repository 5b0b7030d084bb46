import type { Kind } from '@realtime/contracts'
import type { SearchableText } from './search-words.ts'
import { type Joined, thread } from './thread.ts'

/** An edit that leads back. */
export interface Reverted {
  update: Uint8Array
  /** Under which it writes; fresh ones. */
  clientIds: number[]
}

/** What the thread is asked. */
export type Ask =
  | ({ work: 'fold' } & Joined)
  | ({ work: 'text'; kind: Kind; title: string } & Joined)
  | { work: 'revert'; kind: Kind; state: Uint8Array; past: Uint8Array }

/** Works on states of before, in a thread of its own: whoever opens a document does not wait for history. */
export interface Past {
  /** The state that updates lead to; the thread takes their buffers over. */
  fold(updates: Joined): Promise<Uint8Array>
  /** What search keeps of the state that updates lead to; the thread takes their buffers over. */
  text(input: { kind: Kind; title: string; updates: Joined }): Promise<SearchableText>
  /** The edit that makes `state` what it was in `past`; null when it is so already. */
  revert(input: { kind: Kind; state: Uint8Array; past: Uint8Array }): Promise<Reverted | null>
  stop(): Promise<void>
}

/** Starts the thread at the first need. */
export function past(): Past {
  const file = new URL('./past.worker.mjs', import.meta.url)
  const worker = thread<Ask, Uint8Array | SearchableText | Reverted | null>(file, 'a state of before cannot be read')
  return {
    fold({ bytes, lengths }) {
      return worker.ask({ work: 'fold', bytes, lengths }, [bytes.buffer, lengths.buffer]) as Promise<Uint8Array>
    },
    text({ kind, title, updates: { bytes, lengths } }) {
      const ask = { work: 'text', kind, title, bytes, lengths } as const
      return worker.ask(ask, [bytes.buffer, lengths.buffer]) as Promise<SearchableText>
    },
    revert({ kind, ...states }) {
      const state = new Uint8Array(states.state)
      const past = new Uint8Array(states.past)
      const ask = { work: 'revert', kind, state, past } as const
      return worker.ask(ask, [state.buffer, past.buffer]) as Promise<Reverted | null>
    },
    stop: () => worker.stop(),
  }
}

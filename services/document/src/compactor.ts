import type { Kind } from '@realtime/contracts'
import type { Authored } from './authors.ts'
import { thread } from './thread.ts'

/** A part of a log to be folded. */
export interface Part {
  /** The state before the first row, as it is stored; null for none. */
  base: Uint8Array | null
  /** The row that the base stands for; null when rows may begin anywhere. */
  after: number | null
  /** The rows in their order, in pages as `readPage` makes them; the thread takes them over. */
  pages: Uint8Array<ArrayBuffer>[]
  /** Rows that cannot be taken are left out, instead of failing. */
  leniently?: boolean
}

/** What a part of a log leads to. */
export interface Folded {
  /** The state, as it is to be stored. */
  packed: Uint8Array<ArrayBuffer>
  /** SHA-256 of it, hex. */
  digest: string
  /** What the base and the rows say is in it: see `encodeClaims`. */
  claims: Float64Array<ArrayBuffer>
  /** Of the content that was folded: see `digestOf`. */
  content: string
  authors: Authored[]
  /** Rows, and rows that were left out. */
  rows: number
  left: number
}

/** What the thread is asked. */
export type Ask =
  | ({ work: 'fold' } & Part)
  | { work: 'verify'; packed: Uint8Array; claims: Float64Array; content: string }
  | { work: 'inspect'; kind: Kind; update: Uint8Array }

/** Folds logs, and looks into states, in a thread of its own: whoever opens a document waits for no other's log. */
export interface Compactor {
  /** @throws Error when a row cannot be read, is missing, or lacks what comes before it */
  fold(part: Part): Promise<Folded>
  /** What is wrong with a state as it is to be stored, in words; null when it is what was folded. */
  verify(folded: Pick<Folded, 'packed' | 'claims' | 'content'>): Promise<string | null>
  /** A state from outside, as `fold` answers; what is wrong with it, in words, when it is none of its kind. */
  inspect(kind: Kind, update: Uint8Array): Promise<Folded | string>
  stop(): Promise<void>
}

/** Starts the thread at the first need. */
export function compactor(): Compactor {
  const file = new URL('./compactor.worker.mjs', import.meta.url)
  const worker = thread<Ask, Folded | string | null>(file, 'a log cannot be folded')
  return {
    fold: (part) =>
      worker.ask(
        { work: 'fold', ...part },
        part.pages.map((page) => page.buffer),
      ) as Promise<Folded>,
    verify: ({ packed, claims, content }) =>
      worker.ask({ work: 'verify', packed, claims, content }, []) as Promise<string | null>,
    inspect: (kind, update) => worker.ask({ work: 'inspect', kind, update }, []) as Promise<Folded | string>,
    stop: () => worker.stop(),
  }
}

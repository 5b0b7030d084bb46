import * as Y from 'yjs'
import type { OutboxStore } from './outbox.ts'

/** Edits that wait for so long get what they stand on beside them in the store, in milliseconds. */
const WAITED_MS = 2_000
/** How often that is renewed at most while others' edits come in. */
const RENEW_MS = 10_000

/**
 * Keeps a whole state beside edits that wait, so that they can be shown even when neither the page nor the document is
 * there any more. One that cannot be kept leaves the edits as they are.
 */
export class Base {
  #doc: Y.Doc
  #store: OutboxStore | undefined
  #document: string
  #about: () => unknown
  /** The epoch under which one is kept. */
  #kept: string | null = null
  #stale = true
  #at = Number.NEGATIVE_INFINITY

  constructor(doc: Y.Doc, store: OutboxStore | undefined, document: string, about: () => unknown) {
    this.#doc = doc
    this.#store = store
    this.#document = document
    this.#about = about
  }

  /** Others' content came in: edits may stand on it from now on. */
  grew(): void {
    this.#stale = true
  }

  /** An earlier session may have kept one under `epoch`. */
  found(epoch: string): void {
    this.#kept ??= epoch
  }

  /** Looks whether one is needed, by when the oldest waiting edit was made (`performance.now()`); null for none. */
  look(epoch: string | null, oldest: number | null): void {
    if (!this.#store) return
    const now = performance.now()
    if (oldest === null) {
      if (this.#kept !== null) this.#store.keepBase(this.#document, this.#kept, null).catch(() => {})
      this.#kept = null
      this.#stale = true
      this.#at = Number.NEGATIVE_INFINITY
    } else if (epoch !== null && this.#stale && now - oldest > WAITED_MS && now - this.#at > RENEW_MS) {
      this.#kept = epoch
      this.#stale = false
      this.#at = now
      const base = { state: Y.encodeStateAsUpdate(this.#doc), about: this.#about() }
      this.#store.keepBase(this.#document, epoch, base).catch(() => {
        this.#stale = true
      })
    }
  }
}

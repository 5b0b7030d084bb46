import * as Y from 'yjs'
import type { OutboxStore } from './outbox.ts'

/** One own update that the server has not committed yet. */
interface Entry {
  number: number
  update: Uint8Array
  /** Id in the store; null while it is being written, or when it could not be. */
  kept: number | null
  since: number
}

/** How many updates one re-sent message folds together at most. */
const FOLD = 100

/**
 * The own updates between typing and commit, in order, mirrored in the outbox store. Numbers rise for the life of the
 * provider; the server's watermark settles all up to one number.
 */
export class Pending {
  #entries: Entry[] = []
  #next = 1
  #writing = 0
  #failed = false
  #store: OutboxStore | undefined
  #document: string
  #epoch: string | null
  #changed: () => void

  constructor(store: OutboxStore | undefined, document: string, epoch: string | null, changed: () => void) {
    this.#store = store
    this.#document = document
    this.#epoch = epoch
    this.#changed = changed
  }

  get count(): number {
    return this.#entries.length
  }

  /** When the oldest of them was made, by `performance.now()`; null when there is none. */
  get oldest(): number | null {
    return this.#entries[0]?.since ?? null
  }

  /** Whether every one of them would outlive this tab. */
  get persisted(): boolean {
    return this.#store !== undefined && !this.#failed && this.#writing === 0
  }

  /** Knows the epoch from now on: what was made before is kept under it. */
  setEpoch(epoch: string): void {
    if (this.#epoch === epoch) return
    this.#epoch = epoch
    for (const entry of this.#entries) if (entry.kept === null) this.#keep(entry)
  }

  /** Takes up what an earlier session left in the store. @returns those updates, to be applied to the document */
  async load(): Promise<Uint8Array[]> {
    if (!this.#store || this.#epoch === null) return []
    try {
      const kept = await this.#store.load(this.#document, this.#epoch)
      const earlier = kept.map((row) => ({
        number: this.#next++,
        update: row.update,
        kept: row.id,
        since: performance.now(),
      }))
      // They came before whatever was typed while the store was opening.
      const later = this.#entries
      for (const entry of later) entry.number = this.#next++
      this.#entries = [...earlier, ...later]
      return kept.map((row) => row.update)
    } catch {
      this.#failed = true
      return []
    }
  }

  /** Adds an own update. @returns the number to send it under */
  add(update: Uint8Array): number {
    const entry: Entry = { number: this.#next++, update, kept: null, since: performance.now() }
    this.#entries.push(entry)
    this.#keep(entry)
    return entry.number
  }

  /** Counts waiting from now on: what was typed offline has not been waiting for the server. */
  restartClock(): void {
    for (const entry of this.#entries) entry.since = performance.now()
  }

  /** Forgets everything up to the server's watermark. */
  settle(number: number): void {
    const settled: Entry[] = []
    while (this.#entries[0] && this.#entries[0].number <= number) {
      const entry = this.#entries.shift()
      if (entry) settled.push(entry)
    }
    const ids = settled.flatMap((entry) => (entry.kept === null ? [] : [entry.kept]))
    // A row that is still being written is removed when its write ends: see `#keep`.
    if (ids.length > 0) this.#store?.remove(ids).catch(() => {})
  }

  /** All of them as messages to send again: folded together where there are many. */
  messages(): { number: number; update: Uint8Array }[] {
    const messages: { number: number; update: Uint8Array }[] = []
    for (let index = 0; index < this.#entries.length; index += FOLD) {
      const part = this.#entries.slice(index, index + FOLD)
      const last = part.at(-1)
      if (!last) break
      const updates = part.map((entry) => entry.update)
      messages.push({ number: last.number, update: updates.length === 1 ? last.update : Y.mergeUpdates(updates) })
    }
    return messages
  }

  #keep(entry: Entry): void {
    if (!this.#store || this.#epoch === null) return
    const store = this.#store
    this.#writing++
    store
      .add(this.#document, this.#epoch, entry.update)
      .then((id) => {
        entry.kept = id
        if (!this.#entries.includes(entry)) return store.remove([id])
      })
      .catch(() => {
        this.#failed = true
      })
      .finally(() => {
        this.#writing--
        this.#changed()
      })
  }
}

import type { PrivateCopy } from './copies.ts'
import type { KeptUpdate, OutboxStore } from './outbox.ts'
import type { Entry } from './pending.ts'

/** How many updates one write to the store takes at most. */
const ROWS = 500

/**
 * The mirror of the own updates in the store: one write at a time takes all that came meanwhile. What cannot be written
 * is tried again with the next update.
 */
export class Kept {
  epoch: string | null
  #store: OutboxStore | undefined
  #document: string
  #changed: () => void
  #unwritten: Entry[] = []
  #writing: Promise<void> | undefined
  /** While earlier edits are being read, nothing is written: they could not be told from the own ones. */
  #loading: Promise<void> | undefined
  #failed = false

  constructor(store: OutboxStore | undefined, document: string, epoch: string | null, changed: () => void) {
    this.#store = store
    this.#document = document
    this.epoch = epoch
    this.#changed = changed
  }

  get loading(): boolean {
    return this.#loading !== undefined
  }

  /** Whether the `count` own updates are all in the store. */
  durable(count: number): boolean {
    const placed = this.epoch !== null || count === 0
    return this.#store !== undefined && placed && !this.#failed && this.#unwritten.length === 0
  }

  /** Reads what an earlier session left; `taken` is called in the turn in which it is read. Nothing when that fails. */
  async load(taken: (rows: KeptUpdate[]) => void): Promise<KeptUpdate[]> {
    if (!this.#store || this.epoch === null) return []
    const reading = this.#store.load(this.#document, this.epoch)
    const loading = reading.then(
      () => {},
      () => {},
    )
    this.#loading = loading
    try {
      const rows = await reading
      taken(rows)
      return rows
    } catch {
      this.#failed = true
      return []
    } finally {
      if (this.#loading === loading) this.#loading = undefined
      this.#changed()
    }
  }

  write(entries: Entry[]): void {
    const store = this.#store
    if (!store) return
    for (const entry of entries) {
      if (entry.queued) continue
      entry.queued = true
      this.#unwritten.push(entry)
    }
    if (this.epoch === null) return
    this.#writing ??= this.#write(store, this.epoch).then(
      () => this.#wrote(false),
      () => this.#wrote(true),
    )
  }

  /** Forgets updates for which nothing waits any more. */
  forget(entries: Entry[]): void {
    for (const entry of entries) entry.over = true
    const rows = entries.flatMap((entry) => (entry.row === null ? [] : [entry.row]))
    // One that is being written now is removed when that ends.
    if (rows.length > 0) this.#store?.remove(rows).catch(() => {})
  }

  /** Resolves once nothing is being read or written. */
  async settled(): Promise<void> {
    await this.#loading
    await this.#writing
  }

  /** Stores a copy in place of updates. @returns whether that went well */
  async setAside(copy: PrivateCopy, entries: Entry[]): Promise<boolean> {
    if (!this.#store) return false
    try {
      await this.#store.setAside(
        copy,
        entries.flatMap((entry) => (entry.row === null ? [] : [entry.row])),
      )
    } catch {
      this.#failed = true
      return false
    }
    for (const entry of entries) entry.over = true
    this.#unwritten = this.#unwritten.filter((entry) => !entry.over)
    return true
  }

  async #write(store: OutboxStore, epoch: string): Promise<void> {
    await this.#loading
    while (this.#unwritten.length > 0) {
      const batch = this.#unwritten.slice(0, ROWS).filter((entry) => !entry.over)
      if (batch.length > 0) {
        const rows = await store.add(
          this.#document,
          epoch,
          batch.map((entry) => entry.update),
        )
        for (const [index, entry] of batch.entries()) entry.row = rows[index] ?? null
      }
      const over = batch.filter((entry) => entry.over)
      this.#unwritten = this.#unwritten.filter((entry) => !entry.over && entry.row === null)
      if (over.length > 0) await store.remove(over.flatMap((entry) => entry.row ?? [])).catch(() => {})
    }
  }

  #wrote(failed: boolean): void {
    this.#writing = undefined
    this.#failed = failed
    this.#unwritten = this.#unwritten.filter((entry) => !entry.over)
    if (!failed && this.#unwritten.length > 0) this.write([])
    this.#changed()
  }
}

import type { PrivateCopy } from './copies.ts'
import type { KeptUpdate, OutboxStore } from './outbox.ts'
import type { Entry } from './pending.ts'

/** How many updates one write to the store takes at most. */
const ROWS = 500
/** Pauses between attempts to read, in milliseconds: each is twice the one before. */
const AGAIN_MS = { first: 250, most: 10_000 }
/** What cannot be read in so many attempts, or does not answer for so many milliseconds, is called unread. */
const UNREAD = { attempts: 4, ms: 10_000 }

/**
 * The mirror of the own updates in the store: one write at a time takes all that came meanwhile. What cannot be written
 * is tried again with the next update, what cannot be read by itself.
 */
export class Kept {
  epoch: string | null
  #store: OutboxStore | undefined
  #document: string
  #changed: () => void
  #unwritten: Entry[] = []
  #writing: Promise<void> | undefined
  /** While earlier edits are being read, nothing is written: they could not be told from the own ones. */
  #reading: Promise<void> | undefined
  #loading = false
  #unread = false
  /** Attempts to read that failed, one after the other. */
  #misses = 0
  /** Ids of the own updates that were written before the earlier ones could be read. */
  #own = new Set<number>()
  #again: ReturnType<typeof setTimeout> | undefined
  #late: ReturnType<typeof setTimeout> | undefined
  #stopped = false
  #failed = false

  constructor(store: OutboxStore | undefined, document: string, epoch: string | null, changed: () => void) {
    this.#store = store
    this.#document = document
    this.epoch = epoch
    this.#changed = changed
  }

  /** Whether what an earlier session left is not read yet. */
  get loading(): boolean {
    return this.#loading
  }

  /** Whether it could not be read, though it was tried for a while; it still is. */
  get unread(): boolean {
    return this.#unread
  }

  /** Whether the `count` own updates are all in the store; what cannot be read back is not called so. */
  durable(count: number): boolean {
    const placed = this.epoch !== null || count === 0
    const readable = this.#misses === 0 && !this.#unread
    return this.#store !== undefined && placed && readable && !this.#failed && this.#unwritten.length === 0
  }

  /**
   * Reads what an earlier session left; `taken` is called once, in the turn in which it is read. When that fails it is
   * tried again, with growing pauses, until it succeeds or `stop`. @returns what the first attempt read
   */
  async load(taken: (rows: KeptUpdate[]) => void): Promise<KeptUpdate[]> {
    if (!this.#store || this.epoch === null) return []
    this.#loading = true
    return this.#read(this.#store, this.epoch, taken)
  }

  /** Reads no more; what is to be written is. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#again)
    clearTimeout(this.#late)
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
    while (this.#reading ?? this.#writing) {
      await this.#reading
      await this.#writing
    }
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

  async #read(store: OutboxStore, epoch: string, taken: (rows: KeptUpdate[]) => void): Promise<KeptUpdate[]> {
    const reading = store.load(this.#document, epoch)
    this.#reading = reading.then(
      () => {},
      () => {},
    )
    this.#late = setTimeout(() => {
      this.#unread = true
      this.#changed()
    }, UNREAD.ms)
    let rows: KeptUpdate[] = []
    try {
      rows = (await reading).filter(({ id }) => !this.#own.has(id))
      this.#misses = 0
    } catch {
      this.#misses++
    }
    clearTimeout(this.#late)
    this.#reading = undefined
    if (this.#misses === 0) {
      this.#own.clear()
      try {
        taken(rows)
        this.#loading = false
        this.#unread = false
      } catch {
        // They are counted, but cannot be shown: once more would count them twice.
        this.#unread = true
      }
    } else {
      this.#unread ||= this.#misses >= UNREAD.attempts
      const pause = Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** (this.#misses - 1))
      if (!this.#stopped) this.#again = setTimeout(() => void this.#readAgain(store, epoch, taken), pause)
    }
    this.#changed()
    return rows
  }

  async #readAgain(store: OutboxStore, epoch: string, taken: (rows: KeptUpdate[]) => void): Promise<void> {
    // What is being written now has no id yet by which it could be told from earlier edits.
    while (this.#writing) await this.#writing
    if (!this.#stopped) await this.#read(store, epoch, taken)
  }

  async #write(store: OutboxStore, epoch: string): Promise<void> {
    await this.#reading
    while (this.#unwritten.length > 0) {
      const batch = this.#unwritten.slice(0, ROWS).filter((entry) => !entry.over)
      if (batch.length > 0) {
        const rows = await store.add(
          this.#document,
          epoch,
          batch.map((entry) => entry.update),
        )
        for (const [index, entry] of batch.entries()) entry.row = rows[index] ?? null
        if (this.#loading) for (const row of rows) this.#own.add(row)
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

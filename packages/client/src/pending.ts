import { socketLimits } from '@realtime/contracts'
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

/** How many updates, and bytes of them, one re-sent message folds together at most. */
const FOLD = { updates: 100, bytes: socketLimits.message }

/** Updates as they are sent: everything up to `number`. */
export interface PendingMessage {
  number: number
  update: Uint8Array
}

type Taken = (updates: Uint8Array[], messages: PendingMessage[]) => void

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
  /** While earlier edits are being read, nothing is written: they could not be told from the own ones. */
  #loading: Promise<void> | undefined

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
    const placed = this.#epoch !== null || this.#entries.length === 0
    return this.#store !== undefined && placed && !this.#failed && this.#writing === 0
  }

  /** Knows the epoch from now on: keeps what was made before under it, and loads what an earlier session left. */
  adopt(epoch: string, taken?: Taken): Promise<Uint8Array[]> {
    this.#epoch = epoch
    const loaded = this.load(taken)
    for (const entry of this.#entries) if (entry.kept === null) this.#keep(entry)
    return loaded
  }

  /**
   * Takes up what an earlier session left in the store. It does not depend on what is typed meanwhile, nor that on it,
   * so it may come later. `taken` is called in the turn in which numbers are given: a number must not be sent before a
   * lower one. @returns those updates
   */
  async load(taken: Taken = () => {}): Promise<Uint8Array[]> {
    if (!this.#store || this.#epoch === null) return []
    const reading = this.#store.load(this.#document, this.#epoch)
    const loading = reading.then(
      () => {},
      () => {},
    )
    this.#loading = loading
    try {
      const kept = await reading
      const entries = kept.map(({ id, update }) => this.#entry(update, id))
      this.#entries.push(...entries)
      taken(
        kept.map((row) => row.update),
        fold(entries),
      )
      return kept.map((row) => row.update)
    } catch {
      this.#failed = true
      return []
    } finally {
      if (this.#loading === loading) this.#loading = undefined
    }
  }

  /** Adds an own update. @returns the number to send it under */
  add(update: Uint8Array): number {
    const entry = this.#entry(update)
    this.#entries.push(entry)
    this.#keep(entry)
    return entry.number
  }

  /** Puts an update before all others. Only between two sessions: every number changes. */
  prepend(update: Uint8Array): void {
    const entry = this.#entry(update)
    this.#entries.unshift(entry)
    for (const each of this.#entries) each.number = this.#next++
    this.#keep(entry)
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
  messages(): PendingMessage[] {
    return fold(this.#entries)
  }

  #entry(update: Uint8Array, kept: number | null = null): Entry {
    return { number: this.#next++, update, kept, since: performance.now() }
  }

  #keep(entry: Entry): void {
    if (!this.#store || this.#epoch === null) return
    const store = this.#store
    const epoch = this.#epoch
    const write = async (): Promise<void> => {
      if (this.#loading) {
        await this.#loading
        if (!this.#entries.includes(entry)) return
      }
      const id = await store.add(this.#document, epoch, entry.update)
      entry.kept = id
      if (!this.#entries.includes(entry)) await store.remove([id])
    }
    this.#writing++
    write()
      .catch(() => {
        this.#failed = true
      })
      .finally(() => {
        this.#writing--
        this.#changed()
      })
  }
}

function fold(entries: Entry[]): PendingMessage[] {
  const messages: PendingMessage[] = []
  let part: Entry[] = []
  let bytes = 0
  const close = (): void => {
    const last = part.at(-1)
    if (!last) return
    const update = part.length === 1 ? last.update : Y.mergeUpdates(part.map((entry) => entry.update))
    messages.push({ number: last.number, update })
    part = []
    bytes = 0
  }
  for (const entry of entries) {
    if (part.length === FOLD.updates || bytes + entry.update.length > FOLD.bytes) close()
    part.push(entry)
    bytes += entry.update.length
  }
  close()
  return messages
}

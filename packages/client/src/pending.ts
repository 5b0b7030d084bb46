import { socketLimits } from '@realtime/contracts'
import * as Y from 'yjs'
import type { PrivateCopy } from './copies.ts'
import { divide, FOLD, type Foldable, fold } from './folding.ts'
import { Kept } from './kept.ts'
import type { OutboxStore } from './outbox.ts'

/** One own update that the server has not committed yet. */
export interface Entry extends Foldable {
  number: number
  /** Id in the store; null while it is not there. */
  row: number | null
  since: number
  /** The store has it, or gets it. */
  queued: boolean
  /** Nothing waits for it any more. */
  over: boolean
}

/** Updates as they are sent: everything from `first` up to `number`. */
export interface PendingMessage {
  first: number
  number: number
  update: Uint8Array
}

/**
 * The own updates between typing and commit, in order, mirrored in the outbox store. Numbers rise for the life of the
 * provider; the server's watermark settles all up to one number.
 */
export class Pending {
  #entries: Entry[] = []
  #next = 1
  #kept: Kept

  constructor(store: OutboxStore | undefined, document: string, epoch: string | null, changed: () => void) {
    this.#kept = new Kept(store, document, epoch, changed)
  }

  get count(): number {
    return this.#entries.length
  }

  /** The highest number given so far. */
  get last(): number {
    return this.#next - 1
  }

  /** When the oldest of them was made, by `performance.now()`; null when there is none. */
  get oldest(): number | null {
    return this.#entries[0]?.since ?? null
  }

  /** Whether every one of them would outlive this tab. */
  get persisted(): boolean {
    return this.#kept.durable(this.#entries.length)
  }

  /** Whether what an earlier session left is not read yet. */
  get loading(): boolean {
    return this.#kept.loading
  }

  /** Whether it could not be read so far; it is still tried. */
  get unread(): boolean {
    return this.#kept.unread
  }

  /** Knows the epoch from now on: keeps what was made before under it, and loads what an earlier session left. */
  adopt(epoch: string, taken?: (updates: Uint8Array[]) => void): Promise<Uint8Array[]> {
    this.#kept.epoch = epoch
    const loaded = this.load(taken)
    this.#kept.write(this.#entries)
    return loaded
  }

  /**
   * Takes up what an earlier session left in the store. It does not depend on what is typed meanwhile, nor that on it,
   * so it may come later: what cannot be read is tried again until it can. `taken` is called in the turn in which the
   * updates are counted. @returns those that the first attempt read
   */
  async load(taken: (updates: Uint8Array[]) => void = () => {}): Promise<Uint8Array[]> {
    const rows = await this.#kept.load((rows) => {
      this.#entries.push(...rows.map(({ id, update }) => this.#entry(update, id)))
      taken(rows.map((row) => row.update))
    })
    return rows.map((row) => row.update)
  }

  /** Reads no more. What is to be kept still is. */
  stop(): void {
    this.#kept.stop()
  }

  /** Adds an own update. @returns its number */
  add(update: Uint8Array): number {
    const entry = this.#entry(update)
    this.#entries.push(entry)
    this.#kept.write([entry])
    return entry.number
  }

  /** Puts an update before all others. Only between two sessions: every number changes. */
  prepend(update: Uint8Array): void {
    const entry = this.#entry(update)
    this.#entries.unshift(entry)
    for (const each of this.#entries) each.number = this.#next++
    this.#kept.write([entry])
  }

  /** Counts waiting from now on: what was typed offline has not been waiting for the server. */
  restartClock(): void {
    for (const entry of this.#entries) entry.since = performance.now()
  }

  /** Forgets everything up to the server's watermark. */
  settle(number: number): void {
    this.#kept.forget(this.#entries.splice(0, this.#after(number)))
  }

  /** Forgets those that the server has, as `holds` says. */
  drop(holds: (update: Uint8Array) => boolean): void {
    const held = new Set(this.#entries.filter((entry) => holds(entry.update)))
    this.#entries = this.#entries.filter((entry) => !held.has(entry))
    this.#kept.forget([...held])
  }

  /** All of them, in order. */
  updates(): Uint8Array[] {
    return this.#entries.map((entry) => entry.update)
  }

  /**
   * The next message after number `after`: as many updates as `room` bytes take, folded together. One larger than that
   * goes when it may go `alone`. Null when there is none.
   */
  next(after: number, room: number, alone: boolean): PendingMessage | null {
    const part = fold(this.#entries, this.#after(after), Math.min(room, socketLimits.message), alone)
    const [first, last] = [part[0], part.at(-1)]
    if (!first || !last) return null
    const update = part.length === 1 ? first.update : Y.mergeUpdates(part.map((entry) => entry.update))
    return { first: first.number, number: last.number, update }
  }

  /**
   * Has the updates from `first` to `number`, which were refused as one message, go in smaller ones from now on.
   * @returns false when they are a single one
   */
  divide(first: number, number: number): boolean {
    return divide(this.#entries.slice(this.#after(first - 1), this.#after(number)))
  }

  /**
   * Hands everything from number `from` on to a private copy, which `describe` makes once all is known; what an earlier
   * session left and what is nowhere else goes with it. @returns the copy, or null when there was nothing, or when it
   * could not be stored: then everything is still here
   */
  async setAside(from: number, describe: (count: number) => PrivateCopy): Promise<PrivateCopy | null> {
    await this.#kept.settled()
    const entries = this.#entries.filter((entry) => entry.number >= from || entry.row === null)
    if (entries.length === 0) return null
    const copy = describe(entries.length)
    if (!(await this.#kept.setAside(copy, entries))) return null
    const aside = new Set(entries)
    this.#entries = this.#entries.filter((entry) => !aside.has(entry))
    return copy
  }

  /** Resolves once nothing is being read from the store or written to it. */
  settled(): Promise<void> {
    return this.#kept.settled()
  }

  /** Index of the first entry with a number above `number`. */
  #after(number: number): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#entries[middle] as Entry).number > number) high = middle
      else low = middle + 1
    }
    return low
  }

  #entry(update: Uint8Array, row: number | null = null): Entry {
    return {
      number: this.#next++,
      update,
      row,
      since: performance.now(),
      queued: row !== null,
      over: false,
      together: FOLD.edits,
      weight: null,
    }
  }
}

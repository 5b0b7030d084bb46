import { Problem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import { Room } from './room.ts'
import type { Store } from './store.ts'

/** An empty room stays open this long, in milliseconds: a reload finds it warm. */
const LINGER_MS = 10_000
/** After so long an open room looks into the log in case news was lost: while there is news, and while there is none. */
const POLL_MS = { told: 15_000, untold: 3_000 }
/** How often it is looked which rooms have come to that, in milliseconds. */
const TURN_MS = 500

/** The open rooms: loaded by the first who joins, closed when empty. */
export class Rooms {
  #open = new Map<string, Promise<Room>>()
  #store: Store
  #log: Log
  #poll: NodeJS.Timeout
  #told = false
  /** Rises with each news of access: what was answered before it may be wrong. */
  changes = 0

  constructor(store: Store, log: Log) {
    this.#store = store
    this.#log = log
    this.#poll = setInterval(() => this.#look(), TURN_MS).unref()
  }

  /** Hears whether growing logs are told at the moment: what grew while nobody told is looked for at once. */
  listening(told: boolean): void {
    if (told && !this.#told) this.each((room) => room.poll(0))
    this.#told = told
  }

  /** Hears that a log has grown. */
  heard(document: string, seq: number): void {
    void this.#open.get(document)?.then(
      (room) => room.heard(seq),
      () => {},
    )
  }

  get size(): number {
    return this.#open.size
  }

  /**
   * Runs `work` with the open room, which stays open meanwhile.
   * @throws Problem when it cannot be loaded; the next call tries again
   */
  async with<T>(id: string, work: (room: Room) => Promise<T> | T): Promise<T> {
    const room = await this.#get(id)
    room.joining++
    try {
      if (room.closed) throw new Problem('unavailable', 'The document was just closed; try again.')
      return await work(room)
    } finally {
      room.joining--
      this.release(room)
    }
  }

  /** Closes a room after a while when nobody is in it any more. */
  release(room: Room): void {
    if (room.inUse) return
    setTimeout(() => {
      // Whoever is in it by now will release it.
      if (room.inUse || room.closed) return
      // The last edit of whoever left is still on its way.
      if (room.saving) return this.release(room)
      this.#open.delete(room.id)
      room.close(null)
    }, LINGER_MS).unref()
  }

  /** Ends all rooms: what is on its way is committed first, for at most `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    clearInterval(this.#poll)
    const rooms = (await Promise.allSettled(this.#open.values())).flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    )
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise((resolve) => {
      timer = setTimeout(resolve, deadlineMs)
    })
    await Promise.race([Promise.all(rooms.map((room) => room.idle())), deadline])
    clearTimeout(timer)
    for (const room of rooms) room.close(new Problem('draining'))
    this.#open.clear()
  }

  #look(): void {
    const ms = this.#told ? POLL_MS.told : POLL_MS.untold
    this.each((room) => room.poll(ms))
  }

  #get(id: string): Promise<Room> {
    const open = this.#open.get(id)
    if (open) return open
    const room: Room = new Room(id, this.#store, this.#log, () => {
      // A room that was given back meanwhile may have a successor.
      if (this.#open.get(id) === loading) this.#open.delete(id)
    })
    const loading = room.load().then(() => room)
    this.#open.set(id, loading)
    loading.catch(() => this.#open.delete(id))
    return loading
  }

  /** Does something with each open room. */
  each(work: (room: Room) => void): void {
    for (const opening of this.#open.values()) opening.then(work, () => {})
  }
}

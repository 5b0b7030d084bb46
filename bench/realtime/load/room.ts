import { stateDigest } from '@realtime/client/wire'
import * as Y from 'yjs'
import { type Client, connectClient, type Door, several } from './client.ts'
import { Latencies } from './latencies.ts'
import { freshClientId, type Script } from './typing.ts'
import { updateKey } from './update-key.ts'

/** Joins of one room under way at a time. */
const JOINING = 40

/** What many rooms heard together, in one span of time. */
export class Heard {
  delivered = 0
  /** Deliveries of an update to somebody who had it. */
  doubled = 0
  /** Deliveries of what nobody sent as it came. */
  strange = 0
  acknowledged = 0
  presenceMessages = 0
  presencePeople = 0
  /** Deliveries to clients that never write, and the bytes of those updates. */
  watched = 0
  watchedBytes = 0
  readonly delivery = new Latencies()
  readonly acknowledgement = new Latencies()

  clear(): void {
    this.delivered = this.doubled = this.strange = this.acknowledged = 0
    this.presenceMessages = this.presencePeople = this.watched = this.watchedBytes = 0
    this.delivery.clear()
    this.acknowledgement.clear()
  }
}

export interface RoomOptions {
  /** Which writers type at a pace of their own, the first so many; all unless told. */
  pacing?: number
  /** Where the time of a delivery belongs; to all the others unless told. */
  timing?(receiver: number, writer: number): Latencies
  /** Is told the length of each message to the last client. */
  frame?(length: number): void
}

/** A document with clients in it, some of whom write by a script. It knows who has what, and since when it was sent. */
export class Room {
  readonly clients: Client[] = []
  /** Updates sent so far, by writer. */
  readonly sent: number[]
  readonly document: string
  #script: Script
  #heard: Heard
  #indexes = new Map<number, number>()
  #starts: number[] = []
  #sentAt: Float64Array
  #writerOf: Uint16Array
  #seen: Uint8Array[] = []
  #acknowledged: number[]
  /** What the last client has: a replica is made of it at the end. */
  #observed: Uint8Array[] = []
  #options: RoomOptions

  constructor(document: string, script: Script, heard: Heard, options: RoomOptions = {}) {
    this.document = document
    this.#script = script
    this.#heard = heard
    this.#options = options
    this.sent = script.writers.map(() => 0)
    this.#acknowledged = script.writers.map(() => 0)
    let total = 0
    for (const { updates } of script.writers) {
      this.#starts.push(total)
      for (const update of updates) this.#indexes.set(updateKey(update), total++)
    }
    this.#sentAt = new Float64Array(total)
    this.#writerOf = Uint16Array.from(script.writers.flatMap(({ updates }, writer) => updates.map(() => writer)))
  }

  /** How many writers type at a pace of their own. */
  get pacing(): number {
    return this.#options.pacing ?? this.#script.writers.length
  }

  /** Those who never write. */
  get watchers(): Client[] {
    return this.clients.slice(this.#script.writers.length)
  }

  /** Lets `count` clients in: the writers first, then those who only look. @throws Error when one is not let in */
  async enter(door: Door, count: number): Promise<void> {
    const indexes = Array.from({ length: count }, (_, index) => index)
    this.#seen = indexes.map(() => new Uint8Array(this.#sentAt.length))
    await several(indexes, JOINING, async (index) => {
      const clientId = this.#script.writers[index]?.clientId ?? freshClientId()
      const observer = index === count - 1
      const client = connectClient(
        door,
        { document: this.document, clientId },
        {
          ...(observer
            ? {
                state: (bytes: Buffer) => void this.#observed.push(Uint8Array.from(bytes)),
                frame: (length: number) => this.#options.frame?.(length),
              }
            : {}),
          update: (update) => this.#delivered(index, update, observer),
          acknowledged: (upTo) => this.#acknowledge(index, upTo),
          presence: (people) => {
            this.#heard.presenceMessages++
            this.#heard.presencePeople += people
          },
        },
      )
      this.clients[index] = client
      await client.joined
    })
    // The state came in pieces of one update.
    this.#observed = [Buffer.concat(this.#observed)]
  }

  /** A writer types the next update of the script. @returns false at its end */
  type(writer: number): boolean {
    const { updates } = this.#script.writers[writer] as Script['writers'][number]
    const number = this.sent[writer] as number
    const update = updates[number]
    if (!update) return false
    this.sent[writer] = number + 1
    this.#sentAt[(this.#starts[writer] as number) + number] = performance.now()
    this.clients[writer]?.send(update)
    return true
  }

  /** Why clients were let go by the server. */
  get lost(): string[] {
    return this.clients.flatMap((client) => client.lost ?? [])
  }

  /**
   * Whether the replica of who looked on all along, and that of somebody who comes now, equal what was sent.
   * @throws Error that says what differs
   */
  async check(door: Door): Promise<void> {
    const expected = new Y.Doc()
    Y.applyUpdate(expected, this.#observed[0] as Uint8Array)
    this.#script.writers.forEach(({ updates }, writer) => {
      for (const update of updates.slice(0, this.sent[writer])) Y.applyUpdate(expected, update)
    })
    const parts: Uint8Array[] = []
    const late = connectClient(
      door,
      { document: this.document, clientId: freshClientId() },
      { state: (bytes) => void parts.push(Uint8Array.from(bytes)) },
    )
    await late.joined
    late.close()
    // A writer that is the observer did not hear itself.
    const observer = this.clients.length - 1
    const own = this.#script.writers[observer]?.updates.slice(0, this.sent[observer]) ?? []
    const want = Buffer.from(stateDigest(expected))
    for (const [who, updates] of [
      ['who was there all along', [...this.#observed, ...own]],
      ['who came at the end', [Buffer.concat(parts)]],
    ] as const) {
      const replica = new Y.Doc()
      for (const update of updates) Y.applyUpdate(replica, update)
      if (!want.equals(stateDigest(replica))) throw new Error(`the replica of ${who} is not what was sent`)
    }
  }

  close(): void {
    for (const client of this.clients) client.close()
  }

  #delivered(receiver: number, update: Buffer, observer: boolean): void {
    const index = this.#indexes.get(updateKey(update))
    const seen = this.#seen[receiver] as Uint8Array
    if (index === undefined) {
      this.#heard.strange++
      return
    }
    const start = this.#starts[receiver]
    const own =
      start !== undefined && index >= start && index < start + (this.#script.writers[receiver]?.updates.length ?? 0)
    if (own) return
    if (seen[index] === 1) {
      this.#heard.doubled++
      return
    }
    seen[index] = 1
    this.#heard.delivered++
    if (start === undefined) {
      this.#heard.watched++
      this.#heard.watchedBytes += update.length
    }
    const times = this.#options.timing?.(receiver, this.#writerOf[index] as number) ?? this.#heard.delivery
    times.add(performance.now() - (this.#sentAt[index] as number))
    if (observer) this.#observed.push(Uint8Array.from(update))
  }

  #acknowledge(writer: number, upTo: number): void {
    const start = this.#starts[writer]
    if (start === undefined) return
    const now = performance.now()
    for (let number = (this.#acknowledged[writer] as number) + 1; number <= upTo; number++) {
      this.#heard.acknowledged++
      this.#heard.acknowledgement.add(now - (this.#sentAt[start + number - 1] as number))
    }
    this.#acknowledged[writer] = Math.max(this.#acknowledged[writer] as number, upTo)
  }
}

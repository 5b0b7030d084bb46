import { write } from '@realtime/client/wire'
import { Problem, toProblem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import * as Y from 'yjs'
import type { Audience } from './audience.ts'
import { framed } from './frames.ts'
import { type Entry, framesOf, newsOf, type Queue } from './queue.ts'
import type { Store } from './store.ts'
import { mayPass, pauseAfter } from './trying.ts'
import type { Welcome } from './welcome.ts'

/** Problems after which a room is over: its document is not what it was. */
const FATAL = new Set(['epoch-changed', 'not-found'])
const READ_ONLY = new Problem('read-only')
/**
 * What has more bytes takes long to be applied. It rests for so long, in milliseconds, so that those who typed meanwhile
 * are on their way into the log while it is.
 */
const LONG = { bytes: 64 * 1024, restMs: 10 }
/** How long a join waits for what was committed when it asked, in milliseconds. */
const CATCH_UP_MS = 5_000

interface Appended {
  firstSeq: number
  lastSeq: number
}

/** What of a room its log works with. */
export interface RoomParts {
  id: string
  doc: Y.Doc
  store: Store
  log: Log
  queue: Queue
  audience: Audience
  welcome: Welcome
  /** The room is over, before its time. */
  onEnd(problem: Problem): void
}

/**
 * A room and the log of its document: takes what others appended, and has committed what waits in the queue, which is
 * broadcast, acknowledged and applied only then. One loop does all of it in order; SPEC.md has the rules.
 */
export class RoomLog {
  epoch = ''
  /** The row up to which everybody was told, and at which the document stands once it is `settled`. */
  seq = 0
  #room: RoomParts
  #closed = false
  /** When the end of the log was seen last: a commit right behind the last known row shows that nothing is missing. */
  #seen = performance.now()
  #wanted = 0
  #stale = false
  #running: Promise<void> | undefined
  /** How many entries are being committed; and of how many nobody knows whether they were. */
  #committing = 0
  #unknown = 0
  #nextCommit = 0
  #wake: (() => void) | undefined
  #reached: { seq: number; resolve(): void }[] = []
  /** Until what was told, and rests, is applied. */
  #settling: NodeJS.Timeout | undefined

  constructor(room: RoomParts) {
    this.#room = room
  }

  /** Reads what is stored into the document. @throws Problem when it cannot be read, or has a gap */
  async load(): Promise<void> {
    const { id, doc, store, queue } = this.#room
    const [loaded, principals] = await Promise.all([store.load(id, 0), store.clientIds(id)])
    for (const [clientId, principal] of principals) queue.bind(clientId, principal)
    this.epoch = loaded.epoch
    doc.transact(() => {
      for (const frame of loaded.frames) Y.applyUpdate(doc, frame.update)
    })
    this.seq = loaded.seq
    if (doc.store.pendingStructs || doc.store.pendingDs) {
      throw new Problem('internal', undefined, { cause: new Error(`the log of ${id} has a gap`) })
    }
  }

  /** How many of the first entries of the queue are on their way into the log, or may be in it: they go their way. */
  get under(): number {
    return Math.max(this.#committing, this.#unknown)
  }

  /** Hears that the log has reached `seq`; pulls what others appended. */
  heard(seq: number): void {
    if (seq <= this.seq) return
    this.#wanted = Math.max(this.#wanted, seq)
    this.work()
  }

  /** Looks into the log, in case news of an append was lost, unless it was seen less than `ms` ago. */
  poll(ms: number): void {
    if (performance.now() - this.#seen < ms) return
    this.#seen = performance.now()
    this.#stale = true
    this.work()
  }

  /** Resolves once nothing is on its way into the log any more. */
  async idle(): Promise<void> {
    while (this.#running && !this.#closed) await this.#running
  }

  /** Resolves once the room has everything up to `seq`. @throws Problem `unavailable` when that takes too long */
  async atLeast(seq: number): Promise<void> {
    if (this.seq >= seq) return
    this.heard(seq)
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#reached.push({ seq, resolve })
      timer = setTimeout(resolve, CATCH_UP_MS)
    })
    clearTimeout(timer)
    if (this.#closed || this.seq < seq) throw new Problem('unavailable', 'The document service cannot be reached.')
  }

  /** Ends all work, and whatever waits for it. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#settling)
    this.#arrived()
    this.#wake?.()
  }

  /** Something waits: goes on, or begins. */
  work(): void {
    if (this.#closed) return
    this.#wake?.()
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined
      // What was heard after the loop's last look found it still running.
      if (this.#hasWork()) this.work()
    })
  }

  #hasWork(): boolean {
    return !this.#closed && (!this.#room.queue.empty || this.#behind())
  }

  #behind(): boolean {
    return this.#stale || this.#wanted > this.seq
  }

  async #loop(): Promise<void> {
    let failures = 0
    while (this.#hasWork()) {
      try {
        if (this.#behind()) await this.#pull()
        if (this.#closed) return
        if (!this.#room.queue.empty && (await this.#turn())) await this.#commit()
        failures = 0
      } catch (error) {
        const problem = toProblem(error)
        if (FATAL.has(problem.key)) return this.#room.onEnd(problem)
        if (failures === 0) this.#room.log.warn({ err: problem }, 'the log cannot be reached; trying again')
        // Whether the commit went through is not known: look before trying again.
        this.#stale = true
        await pauseAfter(failures++)
      }
    }
  }

  /**
   * The first commit goes at once, the next a tick later: what comes meanwhile goes together. @returns whether it is
   * time to commit; else something happened that may be more urgent
   */
  async #turn(): Promise<boolean> {
    const early = this.#nextCommit - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    if (this.#closed) return false
    const { queue } = this.#room
    // Checking something large held up those who typed: they are read now.
    if (queue.prepare()) await socketsRead()
    // All of it may have been refused.
    if (queue.empty) return false
    const wait = queue.wait()
    if (wait > 0) await this.#rest(wait)
    return !this.#closed && wait === 0
  }

  /** Waits until there is something to do, for at most `ms`. */
  async #rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }

  /**
   * Applies and broadcasts what is in the log after `seq`, except the own rows `own`, which are applied after it: the
   * room is then at the seq that it answers.
   */
  async #pull(own?: Appended): Promise<number> {
    const wanted = this.#wanted
    const loaded = await this.#room.store.load(this.#room.id, this.seq, this.epoch)
    this.#seen = performance.now()
    // News follows its commit: what was heard before the look and is not there never will be.
    if (this.#wanted === wanted) this.#wanted = 0
    // A snapshot stands for all rows up to its own: others' among them.
    const foreign = loaded.frames.filter(
      ({ seq, origin }) => !own || origin === 'snapshot' || seq < own.firstSeq || seq > own.lastSeq,
    )
    this.#stale = false
    if (foreign.length > 0) {
      const updates = foreign.map((frame) => frame.update)
      this.settle()
      this.#apply(updates)
      if (this.#closed) return this.seq
      this.#room.audience.tellAll(framed(write.updates(updates)))
    }
    if (own) return Math.max(loaded.seq, own.lastSeq)
    this.#reach(loaded.seq)
    if (foreign.length > 0 || this.#unknown > 0) {
      // After a commit whose answer was lost the rows are in the log: their entries only need an acknowledgement now.
      this.#unknown = 0
      this.#room.queue.recheck()
      this.#room.queue.refuseWhere(unlessAllowed)
    }
    return loaded.seq
  }

  async #commit(): Promise<void> {
    const batch = this.#room.queue.next()
    if (batch.length === 0) return
    const frames = framesOf(batch)
    this.#nextCommit = performance.now() + tickOf(this.#room.audience.sessions.size)
    let reached = this.seq
    let between = false
    if (frames.length > 0) {
      this.#committing = batch.length
      try {
        const own = await this.#room.store.append(this.#room.id, this.epoch, frames)
        this.#seen = performance.now()
        between = own.firstSeq !== this.seq + 1
        reached = between ? await this.#pullBetween(own) : own.lastSeq
      } catch (error) {
        const problem = toProblem(error)
        if (mayPass(problem) || FATAL.has(problem.key)) {
          this.#unknown = batch.length
          throw problem
        }
        this.#room.queue.refuse(batch, problem)
        // They were let go their way, which ended here.
        this.#room.queue.refuseWhere(unlessAllowed)
        return
      } finally {
        this.#committing = 0
      }
    }
    if (this.#closed) return
    this.#reach(reached)
    this.#room.queue.committed(batch)
    this.#room.audience.publish(batch)
    if (between) {
      // Others' rows may depend on these, and what waits may be known by now.
      this.settle()
      if (!this.#closed) this.#room.queue.recheck()
      return
    }
    const bytes = frames.reduce((sum, { update }) => sum + update.length, 0)
    if (bytes > LONG.bytes) this.#settling ??= setTimeout(() => this.settle(), LONG.restMs)
    if (!this.#settling) this.settle()
  }

  /** Applies what was told: the document stands at `seq` then. */
  settle(): void {
    clearTimeout(this.#settling)
    this.#settling = undefined
    const { queue } = this.#room
    if (queue.unapplied.length === 0 || this.#closed) return
    this.#apply(newsOf(queue.unapplied).map(({ checked }) => checked.update))
    if (!this.#closed) queue.applied()
    // The lane's turn may be over by it.
    this.#wake?.()
  }

  /** The commit is done, yet others' rows lie before it: until they are here, nothing is told. */
  async #pullBetween(own: Appended): Promise<number> {
    for (let failures = 0; !this.#closed; failures++) {
      try {
        return await this.#pull(own)
      } catch (error) {
        if (FATAL.has(toProblem(error).key)) throw error
        await pauseAfter(failures)
      }
    }
    return this.seq
  }

  /** Applies what is committed. Should that fail, this replica is not the log any more: the next one is loaded anew. */
  #apply(updates: Uint8Array[]): void {
    if (updates.length === 0) return
    try {
      this.#room.doc.transact(() => {
        for (const update of updates) Y.applyUpdate(this.#room.doc, update)
      })
      this.#room.welcome.grew(updates)
    } catch (cause) {
      this.#room.log.error({ err: cause }, 'a committed update cannot be applied')
      this.#room.onEnd(new Problem('internal', undefined, { cause }))
    }
  }

  #reach(seq: number): void {
    if (seq <= this.seq) return
    this.seq = seq
    if (this.#reached.length > 0) this.#arrived()
  }

  /** Lets those go on whose seq is reached; all of them when the room is closed. */
  #arrived(): void {
    const there = this.#reached.filter(({ seq }) => this.#closed || seq <= this.seq)
    this.#reached = this.#reached.filter((one) => !there.includes(one))
    for (const { resolve } of there) resolve()
  }
}

/** The problem of an entry whose author may not write any more; one that is known only needs an acknowledgement. */
function unlessAllowed({ session, checked }: Entry): Problem | null {
  return checked.known || session.mayWrite ? null : READ_ONLY
}

/** Resolves once what has come over sockets is read, also when that is where the loop is: then the next turn reads it. */
async function socketsRead(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}

/** How long a room of so many collects updates after a commit, in milliseconds: a frame costs as much as there are readers. */
function tickOf(sessions: number): number {
  return sessions < 16 ? 0 : sessions < 64 ? 8 : sessions < 128 ? 16 : 30
}

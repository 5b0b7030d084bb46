import { sameDigest, stateDigest, write } from '@realtime/client/wire'
import { Problem, toProblem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import * as Y from 'yjs'
import { Presence } from './presence.ts'
import { type Entry, framesOf, Queue } from './queue.ts'
import type { Session } from './session.ts'
import type { Store } from './store.ts'

const NOTHING = new Uint8Array()
const RETRY_MS = { first: 50, most: 2_000 }
/** Problems after which a room is over: its document is not what it was. */
const FATAL = new Set(['epoch-changed', 'not-found'])

/**
 * One open document. `doc` holds exactly what is committed: an update is checked, committed by the document service,
 * and only then applied, broadcast and acknowledged. One loop does all of it in order; SPEC.md has the rules.
 */
export class Room {
  readonly id: string
  readonly doc = new Y.Doc()
  readonly presence: Presence
  readonly sessions = new Set<Session>()
  epoch = ''
  seq = 0
  /** Joins under way, which keep the room open. */
  joining = 0
  closed = false
  #store: Store
  #log: Log
  #onFatal: () => void
  #queue = new Queue(this.doc)
  #wanted = 0
  #stale = false
  #running: Promise<void> | undefined

  constructor(id: string, store: Store, log: Log, onFatal: () => void) {
    this.id = id
    this.#store = store
    this.#log = log.child({ document: id })
    this.#onFatal = onFatal
    this.presence = new Presence((bytes) => this.#toAll(bytes))
  }

  /** Loads what is stored. @throws Problem; then the room is never used, and no empty document is shown */
  async load(): Promise<void> {
    const [loaded, principals] = await Promise.all([this.#store.load(this.id, 0), this.#store.clientIds(this.id)])
    for (const [clientId, principal] of principals) this.#queue.bind(clientId, principal)
    this.epoch = loaded.epoch
    this.doc.transact(() => {
      for (const frame of loaded.frames) Y.applyUpdate(this.doc, frame.update)
    })
    this.seq = loaded.seq
    if (this.doc.store.pendingStructs || this.doc.store.pendingDs) {
      throw new Problem('internal', undefined, { cause: new Error(`the log of ${this.id} has a gap`) })
    }
  }

  /** Lets a session in and tells it what it lacks. Synchronous, so that no commit falls between. */
  enter(session: Session, digest: Uint8Array, stateVector: Uint8Array): void {
    const same = sameDigest(digest, stateDigest(this.doc))
    const missing = same ? NOTHING : diff(this.doc, stateVector)
    this.#queue.bind(session.clientId, session.principal)
    this.sessions.add(session)
    const reached = same ? NOTHING : Y.encodeStateVector(this.doc)
    session.send(write.joined(this.epoch, session.permission, reached, missing))
    session.send(this.presence.all())
  }

  leave(session: Session): void {
    if (!this.sessions.delete(session)) return
    const stillThere = [...this.sessions].some((other) => other.clientId === session.clientId)
    if (!stillThere) this.presence.remove(session.clientId)
  }

  /** Takes an update of a session; the answer is an acknowledgement after the commit, or a refusal. */
  receive(session: Session, number: number, update: Uint8Array): void {
    try {
      if (this.closed) throw new Problem('unavailable', 'The document was just closed; try again.')
      if (session.permission !== 'write') throw new Problem('read-only')
      this.#queue.push(session, number, update)
    } catch (error) {
      const problem = toProblem(error)
      this.#log.debug({ problem: problem.key, detail: problem.message }, 'update refused')
      session.refuse(number, problem)
      return
    }
    this.#work()
  }

  /** Hears that the log has reached `seq`; pulls what others appended. */
  heard(seq: number): void {
    if (seq <= this.seq) return
    this.#wanted = Math.max(this.#wanted, seq)
    this.#work()
  }

  /** Looks into the log, in case news of an append was lost. */
  poll(): void {
    this.#stale = true
    this.#work()
  }

  /** Resolves once nothing is on its way into the log any more. */
  async idle(): Promise<void> {
    while (this.#running && !this.closed) await this.#running
  }

  /** Resolves once the room has everything up to `seq`. @throws Problem `unavailable` when that takes too long */
  async atLeast(seq: number): Promise<void> {
    this.heard(seq)
    for (let waited = 0; this.seq < seq; waited += 20) {
      if (this.closed || waited > 5_000) throw new Problem('unavailable', 'The document service cannot be reached.')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Whether anybody is in it or on the way in. */
  get inUse(): boolean {
    return this.joining > 0 || this.sessions.size > 0
  }

  /** Whether updates are on their way into the log. */
  get saving(): boolean {
    return !this.#queue.empty
  }

  /** Ends the room for everybody in it, with the reason. */
  close(problem: Problem | null): void {
    if (this.closed) return
    this.closed = true
    this.presence.stop()
    if (problem) for (const session of this.sessions) session.refuse(0, problem)
    this.sessions.clear()
    this.#queue.clear()
    this.doc.destroy()
  }

  #work(): void {
    if (this.closed) return
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined
      // What was heard after the loop's last look found it still running.
      if (this.#hasWork()) this.#work()
    })
  }

  #hasWork(): boolean {
    return !this.closed && (!this.#queue.empty || this.#stale || this.#wanted > this.seq)
  }

  async #loop(): Promise<void> {
    let failures = 0
    while (this.#hasWork()) {
      try {
        if (this.#stale || this.#wanted > this.seq) await this.#pull()
        if (!this.#queue.empty) await this.#commit()
        failures = 0
      } catch (error) {
        const problem = toProblem(error)
        if (FATAL.has(problem.key)) return this.#end(problem)
        if (failures === 0) this.#log.warn({ err: problem }, 'the log cannot be reached; trying again')
        // Whether the commit went through is not known: look before trying again.
        this.#stale = true
        const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures++)
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
  }

  /** Applies and broadcasts what is in the log after `seq`, except the own rows `own`. */
  async #pull(own?: { firstSeq: number; lastSeq: number }): Promise<void> {
    const wanted = this.#wanted
    const loaded = await this.#store.load(this.id, this.seq, this.epoch)
    // News follows its commit: what was heard before the look and is not there never will be.
    if (this.#wanted === wanted) this.#wanted = 0
    const foreign = loaded.frames.filter(({ seq }) => !own || seq < own.firstSeq || seq > own.lastSeq)
    this.#stale = false
    if (foreign.length > 0) {
      const updates = foreign.map((frame) => frame.update)
      this.#apply(updates)
      if (this.closed) return
      this.#toAll(write.updates(updates))
    }
    this.seq = Math.max(this.seq, loaded.seq, own?.lastSeq ?? 0)
    // After a commit whose answer was lost the rows are in the log: their entries only need an acknowledgement now.
    if (!own) this.#queue.recheck()
  }

  async #commit(): Promise<void> {
    const batch = this.#queue.next()
    const frames = framesOf(batch)
    if (frames.length > 0) {
      try {
        const own = await this.#store.append(this.id, this.epoch, frames)
        if (own.firstSeq !== this.seq + 1) await this.#pullBetween(own)
        this.seq = Math.max(this.seq, own.lastSeq)
      } catch (error) {
        const problem = toProblem(error)
        if (mayPass(problem) || FATAL.has(problem.key)) throw problem
        this.#queue.refuse(batch, problem)
        return
      }
    }
    if (this.closed) return
    this.#apply(frames.map((frame) => frame.update))
    this.#queue.done(batch)
    this.#publish(batch)
  }

  /** The commit is done, yet others' rows lie before it: until they are here, nothing is told. */
  async #pullBetween(own: { firstSeq: number; lastSeq: number }): Promise<void> {
    for (let failures = 0; !this.closed; failures++) {
      try {
        return await this.#pull(own)
      } catch (error) {
        if (FATAL.has(toProblem(error).key)) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures)))
      }
    }
  }

  /** Applies what is committed. Should that fail, this replica is not the log any more: the next one is loaded anew. */
  #apply(updates: Uint8Array[]): void {
    if (updates.length === 0) return
    try {
      this.doc.transact(() => {
        for (const update of updates) Y.applyUpdate(this.doc, update)
      })
    } catch (cause) {
      this.#log.error({ err: cause }, 'a committed update cannot be applied')
      this.#end(new Problem('internal', undefined, { cause }))
    }
  }

  /** Ends the room before its time. */
  #end(problem: Problem): void {
    this.close(problem)
    this.#onFatal()
  }

  /** Broadcasts a committed batch to all but each update's author, and acknowledges it to the authors. */
  #publish(batch: Entry[]): void {
    if (this.closed) return
    const updates = batch
      .filter((entry) => !entry.checked.known)
      .map((entry) => ({ author: entry.session, update: entry.checked.update }))
    const acks = new Map<Session, number>()
    for (const entry of batch) acks.set(entry.session, entry.number)
    const whole = updates.length > 0 ? write.updates(updates.map(({ update }) => update)) : null
    for (const session of this.sessions) {
      if (whole && !acks.has(session)) session.send(whole)
      else if (whole) {
        const others = updates.filter(({ author }) => author !== session).map(({ update }) => update)
        if (others.length > 0) session.send(write.updates(others))
      }
    }
    for (const [session, number] of acks) session.send(write.ack(number))
  }

  #toAll(bytes: Uint8Array): void {
    for (const session of this.sessions) session.send(bytes)
  }
}

/** Whether a commit may succeed when it is tried again. */
function mayPass(problem: Problem): boolean {
  return problem.status >= 500 || problem.status === 401 || problem.status === 429
}

function diff(doc: Y.Doc, stateVector: Uint8Array): Uint8Array {
  try {
    return Y.encodeStateAsUpdate(doc, stateVector.length > 0 ? stateVector : undefined)
  } catch (cause) {
    throw new Problem('invalid-input', 'The state vector cannot be read.', { cause })
  }
}

import { write } from '@realtime/client/wire'
import { type Permission, Problem, toProblem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import { exactReplica } from '@realtime/resources'
import * as Y from 'yjs'
import { Audience } from './audience.ts'
import { colorFor } from './colors.ts'
import { framed } from './frames.ts'
import { Presence } from './presence.ts'
import { framesOf, Queue } from './queue.ts'
import type { Session } from './session.ts'
import type { Store } from './store.ts'
import { mayPass, pauseAfter } from './trying.ts'
import { Welcome } from './welcome.ts'

/** Problems after which a room is over: its document is not what it was. */
const FATAL = new Set(['epoch-changed', 'not-found'])
const READ_ONLY = new Problem('read-only')
const GONE = new Problem('not-found')
/** How long a join waits for what was committed when it asked, in milliseconds. */
const CATCH_UP_MS = 5_000

interface Appended {
  firstSeq: number
  lastSeq: number
}

/**
 * One open document. `doc` holds exactly what is committed: an update is checked, committed by the document service,
 * and only then applied, broadcast and acknowledged. One loop does all of it in order; SPEC.md has the rules.
 */
export class Room {
  readonly id: string
  readonly doc = exactReplica()
  readonly presence: Presence
  epoch = ''
  seq = 0
  /** Joins under way, which keep the room open. */
  joining = 0
  closed = false
  #store: Store
  #log: Log
  #onFatal: () => void
  #audience = new Audience(this)
  #queue = new Queue(this.doc)
  #welcome = new Welcome(this.doc)
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

  constructor(id: string, store: Store, log: Log, onFatal: () => void) {
    this.id = id
    this.#store = store
    this.#log = log.child({ document: id })
    this.#onFatal = onFatal
    this.presence = new Presence(
      (frame) => this.#audience.tellAll(frame),
      () => this.sessions.size,
    )
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
    const { epoch, seq } = this
    const welcome = this.#welcome.to({ epoch, seq, permission: session.permission, digest, stateVector })
    this.#queue.bind(session.clientId, session.principal)
    session.identity = { ...session.identity, color: colorFor(session, this.sessions) }
    this.#audience.sessions.add(session)
    session.room = this
    this.#audience.tell(session, ...welcome, framed(this.presence.all()))
  }

  leave(session: Session): void {
    if (!this.#audience.sessions.delete(session)) return
    if (![...this.sessions].some((other) => other.clientId === session.clientId)) this.presence.remove(session.clientId)
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

  /**
   * From now on sessions may do something else, or nothing at all (null): at once, also with what they have sent already
   * and is not being committed.
   */
  permit(changes: ReadonlyMap<Session, Permission | null>): void {
    const lost = new Map<Session, Problem>()
    for (const [session, permission] of changes) {
      if (permission === session.permission) continue
      if (permission !== 'write') lost.set(session, permission === null ? GONE : READ_ONLY)
      if (permission === null) session.permission = 'read'
      else {
        session.permission = permission
        if (this.sessions.has(session)) this.#audience.tell(session, framed(write.permission(permission)))
      }
    }
    if (lost.size > 0) this.#refuseOf((session) => lost.get(session) ?? null)
    for (const [session, permission] of changes) if (permission === null) session.end(GONE)
  }

  /** Takes nothing more of some sessions, for their problem, and ends them. */
  end(problemOf: (session: Session) => Problem | null): void {
    const ended = [...this.authors].flatMap((session) => (problemOf(session) ? [session] : []))
    if (ended.length === 0) return
    this.#refuseOf(problemOf)
    for (const session of ended) session.end(problemOf(session) ?? GONE)
  }

  /** Everybody in the room, and those who have left and of whom something waits to be committed. */
  get authors(): Set<Session> {
    return new Set([...this.sessions, ...this.#queue.sessions()])
  }

  #refuseOf(problemOf: (session: Session) => Problem | null): void {
    const under = Math.max(this.#committing, this.#unknown)
    this.#queue.refuseWhere(({ session }, index) => (index >= under ? problemOf(session) : null))
  }

  /** Hears that the log has reached `seq`; pulls what others appended. */
  heard(seq: number): void {
    if (seq <= this.seq) return
    this.#wanted = Math.max(this.#wanted, seq)
    this.#work()
  }

  /** Looks into the log, in case news of an append was lost, unless it was seen less than `ms` ago. */
  poll(ms: number): void {
    if (performance.now() - this.#seen < ms) return
    this.#seen = performance.now()
    this.#stale = true
    this.#work()
  }

  /** Resolves once nothing is on its way into the log any more. */
  async idle(): Promise<void> {
    while (this.#running && !this.closed) await this.#running
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
    if (this.closed || this.seq < seq) throw new Problem('unavailable', 'The document service cannot be reached.')
  }

  get sessions(): ReadonlySet<Session> {
    return this.#audience.sessions
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
    this.#audience.sessions.clear()
    this.#queue.clear()
    this.#arrived()
    this.#wake?.()
    this.doc.destroy()
  }

  #work(): void {
    if (this.closed) return
    this.#wake?.()
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined
      // What was heard after the loop's last look found it still running.
      if (this.#hasWork()) this.#work()
    })
  }

  #hasWork(): boolean {
    return !this.closed && (!this.#queue.empty || this.#behind())
  }

  #behind(): boolean {
    return this.#stale || this.#wanted > this.seq
  }

  async #loop(): Promise<void> {
    let failures = 0
    while (this.#hasWork()) {
      try {
        if (this.#behind()) await this.#pull()
        if (this.closed) return
        if (!this.#queue.empty && (await this.#turn())) await this.#commit()
        failures = 0
      } catch (error) {
        const problem = toProblem(error)
        if (FATAL.has(problem.key)) return this.#end(problem)
        if (failures === 0) this.#log.warn({ err: problem }, 'the log cannot be reached; trying again')
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
    const wait = this.#queue.wait()
    if (wait > 0) await this.#rest(wait)
    return !this.closed && wait === 0
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
    const loaded = await this.#store.load(this.id, this.seq, this.epoch)
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
      this.#apply(updates)
      if (this.closed) return this.seq
      this.#audience.tellAll(framed(write.updates(updates)))
    }
    if (own) return Math.max(loaded.seq, own.lastSeq)
    this.#reach(loaded.seq)
    if (foreign.length > 0 || this.#unknown > 0) {
      // After a commit whose answer was lost the rows are in the log: their entries only need an acknowledgement now.
      this.#unknown = 0
      this.#queue.recheck()
      this.#queue.refuseWhere(({ session, checked }) => (checked.known || session.mayWrite ? null : READ_ONLY))
    }
    return loaded.seq
  }

  async #commit(): Promise<void> {
    const batch = this.#queue.next()
    const frames = framesOf(batch)
    this.#nextCommit = performance.now() + tickOf(this.sessions.size)
    let reached = this.seq
    let between = false
    if (frames.length > 0) {
      this.#committing = batch.length
      try {
        const own = await this.#store.append(this.id, this.epoch, frames)
        this.#seen = performance.now()
        between = own.firstSeq !== this.seq + 1
        reached = between ? await this.#pullBetween(own) : own.lastSeq
      } catch (error) {
        const problem = toProblem(error)
        if (mayPass(problem) || FATAL.has(problem.key)) {
          this.#unknown = batch.length
          throw problem
        }
        this.#queue.refuse(batch, problem)
        return
      } finally {
        this.#committing = 0
      }
    }
    if (this.closed) return
    this.#apply(frames.map((frame) => frame.update))
    if (this.closed) return
    this.#reach(reached)
    this.#audience.publish(batch)
    this.#queue.done(batch)
    // Others' rows came between: what waits may be known by now.
    if (between) this.#queue.recheck()
  }

  /** The commit is done, yet others' rows lie before it: until they are here, nothing is told. */
  async #pullBetween(own: Appended): Promise<number> {
    for (let failures = 0; !this.closed; failures++) {
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
      this.doc.transact(() => {
        for (const update of updates) Y.applyUpdate(this.doc, update)
      })
      this.#welcome.grew(updates)
    } catch (cause) {
      this.#log.error({ err: cause }, 'a committed update cannot be applied')
      this.#end(new Problem('internal', undefined, { cause }))
    }
  }

  #reach(seq: number): void {
    if (seq <= this.seq) return
    this.seq = seq
    if (this.#reached.length > 0) this.#arrived()
  }

  /** Lets those go on whose seq is reached; all of them when the room is closed. */
  #arrived(): void {
    const there = this.#reached.filter(({ seq }) => this.closed || seq <= this.seq)
    this.#reached = this.#reached.filter((one) => !there.includes(one))
    for (const { resolve } of there) resolve()
  }

  /** Ends the room before its time. */
  #end(problem: Problem): void {
    this.close(problem)
    this.#onFatal()
  }
}

/** How long a room of so many collects updates after a commit, in milliseconds: a frame costs as much as there are readers. */
function tickOf(sessions: number): number {
  return sessions < 16 ? 0 : sessions < 64 ? 8 : sessions < 128 ? 16 : 30
}

import { write } from '@realtime/client/wire'
import { type Permission, Problem, toProblem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import { exactReplica } from '@realtime/resources'
import type * as Y from 'yjs'
import { Audience } from './audience.ts'
import { colorFor } from './colors.ts'
import { framed } from './frames.ts'
import { Presence } from './presence.ts'
import { Queue } from './queue.ts'
import { RoomLog } from './room-log.ts'
import type { Session } from './session.ts'
import type { Store } from './store.ts'
import { Welcome } from './welcome.ts'

const READ_ONLY = new Problem('read-only')
const GONE = new Problem('not-found')

/**
 * One open document. `doc` holds exactly what is committed: an update is checked, committed by the document service,
 * and only then broadcast, acknowledged and applied (`RoomLog`); SPEC.md has the rules.
 */
export class Room {
  readonly id: string
  readonly presence: Presence
  /** Joins under way, which keep the room open. */
  joining = 0
  closed = false
  #doc = exactReplica()
  #log: Log
  #audience = new Audience(this)
  #queue = new Queue(this.#doc)
  #welcome = new Welcome(this.#doc)
  #stored: RoomLog

  constructor(id: string, store: Store, log: Log, onFatal: () => void) {
    this.id = id
    this.#log = log.child({ document: id })
    this.presence = new Presence(
      (frame) => this.#audience.tellAll(frame),
      () => this.sessions.size,
    )
    this.#stored = new RoomLog({
      id,
      doc: this.#doc,
      store,
      log: this.#log,
      queue: this.#queue,
      audience: this.#audience,
      welcome: this.#welcome,
      onEnd: (problem) => {
        this.close(problem)
        onFatal()
      },
    })
  }

  /** The document at `seq`. */
  get doc(): Y.Doc {
    this.#stored.settle()
    return this.#doc
  }

  get epoch(): string {
    return this.#stored.epoch
  }

  /** The row of the log that everybody was told. */
  get seq(): number {
    return this.#stored.seq
  }

  /** Loads what is stored. @throws Problem; then the room is never used, and no empty document is shown */
  load(): Promise<void> {
    return this.#stored.load()
  }

  /** Lets a session in and tells it what it lacks. Synchronous, so that no commit falls between. */
  enter(session: Session, digest: Uint8Array, stateVector: Uint8Array): void {
    this.#stored.settle()
    if (this.closed) throw new Problem('unavailable', 'The document was just closed; try again.')
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
    this.#stored.work()
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
    const { under } = this.#stored
    this.#queue.refuseWhere(({ session }, index) => (index >= under ? problemOf(session) : null))
  }

  /** Hears that the log has reached `seq`; pulls what others appended. */
  heard(seq: number): void {
    this.#stored.heard(seq)
  }

  /** Looks into the log, in case news of an append was lost, unless it was seen less than `ms` ago. */
  poll(ms: number): void {
    this.#stored.poll(ms)
  }

  /** Resolves once nothing is on its way into the log any more. */
  idle(): Promise<void> {
    return this.#stored.idle()
  }

  /** Resolves once the room has everything up to `seq`. @throws Problem `unavailable` when that takes too long */
  atLeast(seq: number): Promise<void> {
    return this.#stored.atLeast(seq)
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
    this.#stored.close()
    this.#doc.destroy()
  }
}

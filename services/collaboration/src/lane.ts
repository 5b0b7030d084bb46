import type { Problem } from '@realtime/contracts'
import type { Session } from './session.ts'

/** An update that waits for its turn. */
export interface Waiting {
  session: Session
  number: number
  update: Uint8Array
}

/** Updates above this many bytes wait in the lane. */
const LARGE = 64 * 1024
/** Bytes that leave the lane in one turn, unless a single one is larger. */
const TURN = 512 * 1024
/** The lane rests no longer than this, in milliseconds, however long a turn took. */
const LONGEST_REST_MS = 1_000

/**
 * Where large updates wait: pastes, imports, the backlog of somebody who was away. One turn at a time is committed and
 * sent to everybody, and then the room belongs to those who type for twice as long. What a session sends after a large
 * update stays behind it.
 */
export class Lane {
  #waiting: Waiting[] = []
  #counts = new Map<Session, number>()
  #bytes = 0
  #turnBegan: number | null = null
  #notBefore = 0

  get empty(): boolean {
    return this.#waiting.length === 0
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether an update has to wait. */
  wants(session: Session, update: Uint8Array): boolean {
    return update.length > LARGE || this.#counts.has(session)
  }

  add(session: Session, number: number, update: Uint8Array): void {
    this.#counts.set(session, (this.#counts.get(session) ?? 0) + 1)
    this.#waiting.push({ session, number, update })
    this.#bytes += update.length
  }

  /** Milliseconds until the next turn; Infinity when nothing waits. */
  wait(now: number): number {
    return this.empty ? Number.POSITIVE_INFINITY : Math.max(0, this.#notBefore - now)
  }

  /** What may go now, in the order it came. */
  next(now: number): Waiting[] {
    if (this.empty || this.#notBefore > now) return []
    this.#turnBegan = now
    let bytes = 0
    let count = 0
    for (const { update } of this.#waiting) {
      if (count > 0 && bytes + update.length > TURN) break
      bytes += update.length
      count++
    }
    const turn = this.#waiting.splice(0, count)
    this.#bytes -= bytes
    for (const { session } of turn) this.#less(session)
    return turn
  }

  /** What left the lane is tried once more: time that it could not be committed is nobody's fault. */
  again(now: number): void {
    this.#turnBegan = now
  }

  /** The turn is over: committed and told, or refused. */
  done(now: number): void {
    if (this.#turnBegan === null) return
    this.#notBefore = now + Math.min(LONGEST_REST_MS, 2 * (now - this.#turnBegan))
    this.#turnBegan = null
  }

  /** Those of whom something waits. */
  sessions(): Iterable<Session> {
    return this.#counts.keys()
  }

  /** Bytes that wait of a principal. */
  bytesOf(principal: string): number {
    let bytes = 0
    for (const { session, update } of this.#waiting) if (session.principal === principal) bytes += update.length
    return bytes
  }

  /** Refuses and takes out whatever `problemOf` has a problem for. */
  refuseWhere(problemOf: (waiting: Waiting) => Problem | null): void {
    const kept: Waiting[] = []
    for (const waiting of this.#waiting) {
      const problem = problemOf(waiting)
      if (!problem) {
        kept.push(waiting)
        continue
      }
      waiting.session.refuse(waiting.number, problem)
      this.#bytes -= waiting.update.length
      this.#less(waiting.session)
    }
    this.#waiting = kept
  }

  clear(): void {
    this.#waiting = []
    this.#counts.clear()
    this.#bytes = 0
    this.#turnBegan = null
  }

  #less(session: Session): void {
    const count = (this.#counts.get(session) ?? 0) - 1
    if (count > 0) this.#counts.set(session, count)
    else this.#counts.delete(session)
  }
}

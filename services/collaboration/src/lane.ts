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

  /** Takes an update if it has to wait. */
  takes(session: Session, number: number, update: Uint8Array): boolean {
    const count = this.#counts.get(session) ?? 0
    if (count === 0 && update.length <= LARGE) return false
    this.#counts.set(session, count + 1)
    this.#waiting.push({ session, number, update })
    this.#bytes += update.length
    return true
  }

  /** Milliseconds until the next turn; Infinity when nothing waits. */
  wait(now: number): number {
    return this.empty ? Number.POSITIVE_INFINITY : Math.max(0, this.#notBefore - now)
  }

  /** What may go now, in the order it came. */
  next(now: number): Waiting[] {
    if (this.empty || this.#notBefore > now) return []
    this.#turnBegan ??= now
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

  /** The turn is committed and told. */
  done(now: number): void {
    if (this.#turnBegan === null) return
    this.#notBefore = now + 2 * (now - this.#turnBegan)
    this.#turnBegan = null
  }

  /** Takes out all of a session. */
  remove(session: Session): Waiting[] {
    if (!this.#counts.delete(session)) return []
    const gone = this.#waiting.filter((each) => each.session === session)
    this.#waiting = this.#waiting.filter((each) => each.session !== session)
    for (const { update } of gone) this.#bytes -= update.length
    return gone
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

import type { ClientMessage } from '@realtime/client/wire'
import { Problem, socketLimits, userOf } from '@realtime/contracts'
import { Budget } from './budget.ts'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import type { Store } from './store.ts'

type Join = Extract<ClientMessage, { type: 'join' }>

/** Joins that ask the document service at the same time; the others wait in line. */
const AT_ONCE = 32
/** Joins that may wait; above it they are told to come back. */
const MOST_WAITING = 2_000
const FORGET_MS = 60_000

/** Lets sessions into rooms: so many at a time, and of one principal so many a second. */
export class Joins {
  #rooms: Rooms
  #store: Store
  #budgets = new Map<string, Budget>()
  #forgetting: NodeJS.Timeout
  #under = 0
  #waiting: (() => void)[] = []

  constructor(rooms: Rooms, store: Store) {
    this.#rooms = rooms
    this.#store = store
    this.#forgetting = setInterval(() => this.#forget(), FORGET_MS).unref()
  }

  stop(): void {
    clearInterval(this.#forgetting)
  }

  /** SPEC J1–J6: access first, then the room, then what the client lacks. @throws Problem */
  async join(session: Session, message: Join): Promise<void> {
    this.#admit(session.principal)
    // Asked again should access change between the answer and the room: what changed then was told to rooms only.
    for (let done = false; !done && session.socket.connected; ) {
      const { changes } = this.#rooms
      const access = await this.#ask(session, message)
      done = await this.#rooms.with(message.document, async (room) => {
        await room.atLeast(access.seq)
        if (changes !== this.#rooms.changes) return false
        if (access.epoch !== room.epoch || (message.epoch !== '' && message.epoch !== room.epoch)) {
          throw new Problem('epoch-changed', undefined, { extra: { epoch: room.epoch } })
        }
        session.clientId = message.clientId
        session.permission = access.permission
        session.identity = access.identity
        session.organizationId = access.organizationId
        session.projectId = access.projectId
        session.userId = userOf(session.actor)
        if (session.socket.connected) room.enter(session, message.digest, message.stateVector)
        return true
      })
    }
  }

  /** Asks the document service, in turn. */
  async #ask(session: Session, message: Join): ReturnType<Store['join']> {
    await this.#turn()
    try {
      return await this.#store.join(message.document, session.actor, message.clientId)
    } finally {
      this.#under--
      this.#waiting.shift()?.()
    }
  }

  leave(session: Session, room: Room): void {
    room.leave(session)
    this.#rooms.release(room)
  }

  #admit(principal: string): void {
    let budget = this.#budgets.get(principal)
    if (!budget) {
      budget = new Budget(socketLimits.joins)
      this.#budgets.set(principal, budget)
    }
    const wait = budget.take(1)
    if (wait > 0) {
      throw new Problem('rate-limited', 'Documents are opened too often.', { extra: { retryAfterMs: wait } })
    }
  }

  async #turn(): Promise<void> {
    if (this.#under >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) {
        throw new Problem('rate-limited', 'Too many are opening documents.', { extra: { retryAfterMs: 1_000 } })
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#under++
  }

  #forget(): void {
    for (const [principal, budget] of this.#budgets) if (budget.full()) this.#budgets.delete(principal)
  }
}

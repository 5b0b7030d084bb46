import { type AppendFrame, Problem, toProblem } from '@realtime/contracts'
import * as Y from 'yjs'
import type { Struct } from './decoding.ts'
import { Lane } from './lane.ts'
import type { Session } from './session.ts'
import { type CheckedUpdate, checkUpdate, type KnownState } from './updates.ts'

/** An update on its way into the log. One that is known already only keeps its place in the order of acknowledgements. */
export interface Entry {
  session: Session
  number: number
  /** As it came: what of it is known may change while it waits. */
  update: Uint8Array
  checked: CheckedUpdate
}

/** Updates of one commit: at most this many bytes, so that no commit takes long. */
const BATCH_BYTES = 8 * 1024 * 1024
/** Bytes of updates that may wait for the log; above it their authors keep them and come back. */
const QUEUE_BYTES = 64 * 1024 * 1024
/** Client ids that one session may be the first to write under: those of tabs that never got as far as a join. */
const MOST_CLAIMS = 256

/**
 * The updates of a room between their arrival and their commit, in order. Each was checked against the committed
 * document and the clocks that those before it reach; who may write under which client id is known here. Large ones
 * wait beside it, unchecked, until their turn.
 */
export class Queue {
  #entries: Entry[] = []
  #lane = new Lane()
  #bytes = 0
  #clocks = new Map<number, number>()
  #structs = new Map<number, Struct[][]>()
  #principals = new Map<number, string>()
  #claims = new WeakMap<Session, number>()
  #state: KnownState

  constructor(doc: Y.Doc) {
    this.#state = {
      doc,
      clock: (clientId) => Math.max(Y.getState(doc.store, clientId), this.#clocks.get(clientId) ?? 0),
      inFlight: (clientId) => this.#structs.get(clientId) ?? [],
    }
  }

  get empty(): boolean {
    return this.#entries.length === 0 && this.#lane.empty
  }

  /** Knows from now on whom a client id belongs to. */
  bind(clientId: number, principal: string): void {
    this.#principals.set(clientId, principal)
  }

  /**
   * Takes an update: checked at once, unless it waits in the lane.
   * @throws Problem `invalid-update`, `foreign-client-id`, `payload-too-large`, or `unavailable` when too much waits
   */
  push(session: Session, number: number, update: Uint8Array): void {
    if (this.#bytes + this.#lane.bytes > QUEUE_BYTES) {
      throw new Problem('unavailable', 'Too much is waiting to be saved; try again.')
    }
    if (!this.#lane.takes(session, number, update)) this.#check(session, number, update)
  }

  /** The entries of the next commit; they stay until they are `done` or refused. */
  next(now = performance.now()): Entry[] {
    const turn = this.#lane.next(now)
    for (const { session, number, update } of turn) {
      try {
        this.#check(session, number, update)
      } catch (error) {
        session.refuse(number, toProblem(error))
      }
    }
    let bytes = 0
    const end = this.#entries.findIndex((entry, index) => {
      bytes += entry.checked.update.length
      return index > 0 && bytes > BATCH_BYTES
    })
    return this.#entries.slice(0, end === -1 ? undefined : end)
  }

  /** Milliseconds until something can be committed: 0 unless all that is left waits in the lane. */
  wait(now = performance.now()): number {
    return this.#entries.length > 0 ? 0 : this.#lane.wait(now)
  }

  /** Forgets committed entries, which are the first. */
  done(batch: Entry[], now = performance.now()): void {
    this.#entries.splice(0, batch.length)
    for (const entry of batch) this.#bytes -= entry.update.length
    this.#lane.done(now)
    if (this.#entries.length === 0) {
      this.#clocks.clear()
      this.#structs.clear()
    }
  }

  /** Takes out what the document service refused (one frame, or all of the batch), and what depended on it. */
  refuse(batch: Entry[], problem: Problem): void {
    const withFrames = batch.filter((entry) => !entry.checked.known)
    const { frame } = problem.extra
    const refused = new Set(typeof frame === 'number' ? withFrames.slice(frame, frame + 1) : withFrames)
    this.#entries = this.#entries.filter((entry) => !refused.has(entry))
    for (const entry of refused) {
      // Whoever holds these client ids, it is not who claimed them here.
      if (problem.key === 'foreign-client-id') for (const id of entry.checked.to.keys()) this.#principals.delete(id)
      entry.session.refuse(entry.number, problem)
    }
    this.recheck()
  }

  /** Refuses all of a session that is not under way: those after the first `under` entries, and what depends on it. */
  refuseOf(session: Session, problem: Problem, under: number): void {
    const refused = this.#entries.filter((entry, index) => index >= under && entry.session === session)
    for (const { number } of [...refused, ...this.#lane.remove(session)]) session.refuse(number, problem)
    if (refused.length === 0) return
    const gone = new Set(refused)
    this.#entries = this.#entries.filter((entry) => !gone.has(entry))
    this.recheck()
  }

  /** Looks at everything anew: what was known may not be any more, and the other way round. */
  recheck(): void {
    const entries = this.#entries
    this.#reset()
    for (const entry of entries) {
      try {
        this.#add({ ...entry, checked: checkUpdate(entry.update, this.#state) })
      } catch (error) {
        entry.session.refuse(entry.number, toProblem(error))
      }
    }
  }

  clear(): void {
    this.#reset()
    this.#lane.clear()
  }

  #reset(): void {
    this.#entries = []
    this.#bytes = 0
    this.#clocks.clear()
    this.#structs.clear()
  }

  #check(session: Session, number: number, update: Uint8Array): void {
    const checked = checkUpdate(update, this.#state)
    session.charge(checked.size)
    for (const clientId of checked.to.keys()) this.#claim(clientId, session)
    this.#add({ session, number, update, checked })
  }

  #add(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.update.length
    for (const [clientId, clock] of entry.checked.to) {
      this.#clocks.set(clientId, Math.max(clock, this.#clocks.get(clientId) ?? 0))
    }
    for (const [clientId, structs] of entry.checked.structs) {
      const known = this.#structs.get(clientId)
      if (known) known.push(structs)
      else this.#structs.set(clientId, [structs])
    }
  }

  #claim(clientId: number, session: Session): void {
    const holder = this.#principals.get(clientId)
    if (holder === session.principal) return
    if (holder !== undefined) throw new Problem('foreign-client-id')
    const claims = (this.#claims.get(session) ?? 0) + 1
    if (claims > MOST_CLAIMS) throw new Problem('invalid-update', 'It writes under too many new client ids.')
    this.#claims.set(session, claims)
    this.#principals.set(clientId, session.principal)
  }
}

/** The frames of a batch: what of it is new, by author. */
export function framesOf(batch: Entry[]): AppendFrame[] {
  return batch
    .filter((entry) => !entry.checked.known)
    .map(({ session, checked }) => ({
      principal: session.principal,
      origin: 'user',
      clientIds: [...checked.to.keys()],
      update: checked.update,
    }))
}

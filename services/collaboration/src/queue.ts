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
  /** Whether it came through the lane. */
  large: boolean
}

/** Updates of one commit: at most this many bytes, so that no commit takes long. */
const BATCH_BYTES = 8 * 1024 * 1024
/** Bytes of updates that may wait for the log; above it their authors keep them and come back. */
const QUEUE_BYTES = { all: 16 * 1024 * 1024, principal: 6 * 1024 * 1024 }
/** And of large ones, beside them. */
const LANE_BYTES = { all: 64 * 1024 * 1024, principal: 24 * 1024 * 1024 }
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
    if (this.#lane.wants(session, update)) {
      full(LANE_BYTES, this.#lane.bytes, () => this.#lane.bytesOf(session.principal), update)
      this.#lane.add(session, number, update)
    } else {
      full(QUEUE_BYTES, this.#bytes, () => this.#bytesOf(session.principal), update)
      this.#check(session, number, update, false)
    }
  }

  /** The entries of the next commit; they stay until they are `done` or refused. */
  next(now = performance.now()): Entry[] {
    if (this.#entries.some((entry) => entry.large)) this.#lane.again(now)
    else this.#letIn(now)
    let bytes = 0
    const end = this.#entries.findIndex((entry, index) => {
      bytes += entry.checked.update.length
      return index > 0 && bytes > BATCH_BYTES
    })
    return this.#entries.slice(0, end === -1 ? undefined : end)
  }

  #letIn(now: number): void {
    const turn = this.#lane.next(now)
    for (const { session, number, update } of turn) {
      try {
        this.#check(session, number, update, true)
      } catch (error) {
        session.refuse(number, toProblem(error))
      }
    }
    if (turn.length > 0) this.#turnOver(now)
  }

  /** Those of whom something waits. */
  *sessions(): Iterable<Session> {
    for (const { session } of this.#entries) yield session
    yield* this.#lane.sessions()
  }

  /** Milliseconds until something can be committed: 0 unless all that is left waits in the lane. */
  wait(now = performance.now()): number {
    return this.#entries.length > 0 ? 0 : this.#lane.wait(now)
  }

  /** Forgets committed entries, which are the first. */
  done(batch: Entry[], now = performance.now()): void {
    this.#entries.splice(0, batch.length)
    for (const entry of batch) {
      this.#bytes -= entry.update.length
      for (const clientId of entry.checked.structs.keys()) {
        const structs = this.#structs.get(clientId)
        structs?.shift()
        if (structs && structs.length > 0) continue
        this.#structs.delete(clientId)
        this.#clocks.delete(clientId)
      }
    }
    this.#turnOver(now)
  }

  /** Takes out what the document service refused (one frame, or all of the batch), and what depended on it. */
  refuse(batch: Entry[], problem: Problem): void {
    const withFrames = batch.filter((entry) => !entry.checked.known)
    const { frame } = problem.extra
    const refused = new Set(typeof frame === 'number' ? withFrames.slice(frame, frame + 1) : withFrames)
    // Whoever holds these client ids, it is not who claimed them here.
    if (problem.key === 'foreign-client-id') {
      for (const entry of refused) for (const id of entry.checked.to.keys()) this.#principals.delete(id)
    }
    this.refuseWhere((entry) => (refused.has(entry) ? problem : null))
  }

  /** Refuses whatever `problemOf` has a problem for, by its place in the queue, and what depended on it. */
  refuseWhere(problemOf: (entry: Entry, index: number) => Problem | null): void {
    const kept: Entry[] = []
    for (const [index, entry] of this.#entries.entries()) {
      const problem = problemOf(entry, index)
      if (problem) entry.session.refuse(entry.number, problem)
      else kept.push(entry)
    }
    this.#lane.refuseWhere((waiting) =>
      problemOf({ ...waiting, checked: NOTHING, large: true }, Number.MAX_SAFE_INTEGER),
    )
    if (kept.length === this.#entries.length) return
    this.#entries = kept
    this.recheck()
    this.#turnOver(performance.now())
  }

  /** Looks at everything anew: what was known may not be any more, and the other way round. */
  recheck(): void {
    const entries = this.#entries
    this.#reset()
    for (const entry of entries) {
      try {
        entry.checked = checkUpdate(entry.update, this.#state)
        this.#add(entry)
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

  /** The lane's turn is over once nothing of it is left. */
  #turnOver(now: number): void {
    if (!this.#entries.some((entry) => entry.large)) this.#lane.done(now)
  }

  #bytesOf(principal: string): number {
    let bytes = 0
    for (const { session, update } of this.#entries) if (session.principal === principal) bytes += update.length
    return bytes
  }

  #check(session: Session, number: number, update: Uint8Array, large: boolean): void {
    const checked = checkUpdate(update, this.#state)
    session.charge(checked.size)
    for (const clientId of checked.to.keys()) this.#claim(clientId, session)
    this.#add({ session, number, update, checked, large })
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
    // Passing: the next connection of whoever comes back with a long backlog begins to count anew.
    if (claims > MOST_CLAIMS) throw new Problem('unavailable', 'Too many new client ids on one connection; come again.')
    this.#claims.set(session, claims)
    this.#principals.set(clientId, session.principal)
  }
}

const NOTHING: CheckedUpdate = { update: new Uint8Array(), structs: new Map(), size: 0, to: new Map(), known: false }

/** @throws Problem `unavailable` when too much waits of everybody, or of one principal */
function full(
  limits: { all: number; principal: number },
  all: number,
  ofPrincipal: () => number,
  update: Uint8Array,
): void {
  // Counting costs a look at all of it: only when there is much.
  const much = all + update.length > limits.principal
  if (!much || (all + update.length <= limits.all && ofPrincipal() + update.length <= limits.principal)) return
  throw new Problem('unavailable', 'Too much is waiting to be saved; try again.')
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

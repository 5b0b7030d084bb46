import { type AppendFrame, Problem, toProblem } from '@realtime/contracts'
import * as Y from 'yjs'
import type { Struct } from './decoding.ts'
import { Lane, type Waiting } from './lane.ts'
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
/** While a turn of the lane is not over it is looked so often whether it is, in milliseconds. */
const LOOK_MS = 100
/** Client ids that one session may be the first to write under: those of tabs that never got as far as a join. */
const MOST_CLAIMS = 256

/** A turn of the lane: what is first in it was checked, and all of it goes once those who type have gone. */
interface Ready {
  first: Entry | null
  /** They may depend on those before them. */
  rest: Waiting[]
  /** The clocks that the first was checked at, of the client ids under which it writes. */
  clocks: Map<number, number>
  /** Whether others went before it already: it waits for no second time. */
  passed: boolean
  /** Whether what it was checked against may have been refused since. */
  stale: boolean
}

/**
 * The updates of a room between their arrival and the room's document, in order. Each was checked against the committed
 * document and the clocks that those before it reach; who may write under which client id is known here. Large ones
 * wait beside it, unchecked, until their turn.
 */
export class Queue {
  #entries: Entry[] = []
  /** Committed, and not in the document yet. */
  #committed: Entry[] = []
  #lane = new Lane()
  #ready: Ready | null = null
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

  /** Whether nothing waits to be committed. */
  get empty(): boolean {
    return this.#entries.length === 0 && !this.#ready && this.#lane.empty
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
    const ready = readyOf(this.#ready)
    // What a session sends after something large may depend on it.
    if (this.#lane.wants(session, update) || ready.some((entry) => entry.session === session)) {
      const ofPrincipal = () => this.#lane.bytesOf(session.principal) + bytesOf(ready, session.principal)
      full(LANE_BYTES, this.#lane.bytes + bytesOf(ready), ofPrincipal, update)
      this.#lane.add(session, number, update)
    } else {
      full(QUEUE_BYTES, this.#bytes, () => bytesOf(this.#entries, session.principal), update)
      this.#add(this.#check(session, number, update, false))
    }
  }

  /**
   * Checks what may leave the lane, which takes long: whether it did. Whoever typed meanwhile is heard first, and goes
   * first.
   */
  prepare(now = performance.now()): boolean {
    if (this.#turning) return false
    const turn = this.#lane.next(now)
    if (turn.length === 0) return false
    let first: Entry | null = null
    while (!first && turn.length > 0) first = this.#checked(turn.shift() as Waiting)
    if (first) {
      const clocks = new Map(
        [...first.checked.structs.keys()].map((clientId) => [clientId, this.#state.clock(clientId)]),
      )
      this.#ready = { first, rest: turn, clocks, passed: false, stale: false }
    } else this.#turnOver(performance.now())
    return true
  }

  /** Checks what leaves the lane; null when it is refused, which is told. */
  #checked({ session, number, update }: Waiting): Entry | null {
    try {
      return this.#check(session, number, update, true)
    } catch (error) {
      session.refuse(number, toProblem(error))
      return null
    }
  }

  /** The entries of the next commit; they stay until they are `committed` or refused. */
  next(now = performance.now()): Entry[] {
    if (this.#entries.some((entry) => entry.large)) this.#lane.again(now)
    else this.#letIn()
    let bytes = 0
    const end = this.#entries.findIndex((entry, index) => {
      bytes += entry.checked.update.length
      return index > 0 && bytes > BATCH_BYTES
    })
    return this.#entries.slice(0, end === -1 ? undefined : end)
  }

  #letIn(): void {
    const ready = this.#ready
    if (!ready) return
    if (this.#entries.length > 0 && !ready.passed) {
      ready.passed = true
      return
    }
    this.#ready = null
    // Only somebody who writes under the same client ids can have made another thing of it.
    const same = !ready.stale && [...ready.clocks].every(([clientId, clock]) => this.#state.clock(clientId) === clock)
    if (ready.first && same) this.#add(ready.first)
    else if (ready.first) this.#addAnew([ready.first])
    for (const waiting of ready.rest) {
      const entry = this.#checked(waiting)
      if (entry) this.#add(entry)
    }
    this.#turnOver(performance.now())
  }

  /** Takes in what was checked against another state; what is refused now is told. */
  #addAnew(entries: Entry[]): void {
    for (const entry of entries) {
      try {
        // The same entry: a commit under way knows it.
        entry.checked = checkUpdate(entry.update, this.#state)
        this.#add(entry)
      } catch (error) {
        entry.session.refuse(entry.number, toProblem(error))
      }
    }
  }

  /** Those of whom something waits. */
  *sessions(): Iterable<Session> {
    for (const { session } of this.#entries) yield session
    for (const { session } of readyOf(this.#ready)) yield session
    yield* this.#lane.sessions()
  }

  /**
   * Milliseconds until something can be committed: 0 unless all that is left waits in the lane. While its turn is not over
   * nobody knows when: some, and entries that are `applied` may end it sooner.
   */
  wait(now = performance.now()): number {
    if (this.#entries.length > 0 || this.#ready) return 0
    return this.#turning ? LOOK_MS : this.#lane.wait(now)
  }

  /** Takes out committed entries, which are the first. What comes may depend on them, until they are `applied`. */
  committed(batch: Entry[]): void {
    this.#entries.splice(0, batch.length)
    this.#committed.push(...batch)
    for (const entry of batch) this.#bytes -= entry.update.length
  }

  /** What is committed and not in the document yet. */
  get unapplied(): readonly Entry[] {
    return this.#committed
  }

  /** Forgets what was `unapplied`: it is in the document now. */
  applied(now = performance.now()): void {
    for (const entry of this.#committed.splice(0)) {
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
    const withFrames = newsOf(batch)
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
    const later = Number.MAX_SAFE_INTEGER
    const ofWaiting = (waiting: Waiting) => problemOf({ ...waiting, checked: NOTHING, large: true }, later)
    this.#lane.refuseWhere(ofWaiting)
    this.#refuseReady(ofWaiting)
    if (kept.length === this.#entries.length) return
    this.#entries = kept
    this.recheck()
    this.#turnOver(performance.now())
  }

  #refuseReady(problemOf: (waiting: Waiting) => Problem | null): void {
    const ready = this.#ready
    if (!ready) return
    const stays = (waiting: Waiting): boolean => {
      const problem = problemOf(waiting)
      if (problem) waiting.session.refuse(waiting.number, problem)
      return !problem
    }
    if (ready.first && !stays(ready.first)) ready.first = null
    ready.rest = ready.rest.filter(stays)
    if (ready.first || ready.rest.length > 0) return
    this.#ready = null
    this.#turnOver(performance.now())
  }

  /** Looks at everything anew: what was known may not be any more, and the other way round. */
  recheck(): void {
    const entries = this.#entries
    this.#reset()
    for (const entry of this.#committed) this.#follow(entry)
    this.#addAnew(entries)
    if (this.#ready) this.#ready.stale = true
  }

  clear(): void {
    this.#reset()
    this.#committed = []
    this.#ready = null
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
    if (!this.#turning) this.#lane.done(now)
  }

  /** Whether something of the lane's turn is on its way. */
  get #turning(): boolean {
    const some = (entries: Entry[]) => entries.some((entry) => entry.large)
    return this.#ready !== null || some(this.#entries) || some(this.#committed)
  }

  #check(session: Session, number: number, update: Uint8Array, large: boolean): Entry {
    const checked = checkUpdate(update, this.#state)
    session.charge(checked.size)
    for (const clientId of checked.to.keys()) this.#claim(clientId, session)
    return { session, number, update, checked, large }
  }

  #add(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.update.length
    this.#follow(entry)
  }

  /** What comes may depend on an entry from now on. */
  #follow({ checked }: Entry): void {
    for (const [clientId, clock] of checked.to) {
      this.#clocks.set(clientId, Math.max(clock, this.#clocks.get(clientId) ?? 0))
    }
    for (const [clientId, structs] of checked.structs) {
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

/** A turn of the lane, in order. */
function readyOf(ready: Ready | null): Waiting[] {
  return ready ? [...(ready.first ? [ready.first] : []), ...ready.rest] : []
}

/** Bytes of updates, of one principal or of everybody. */
function bytesOf(entries: Waiting[], principal?: string): number {
  let bytes = 0
  for (const { session, update } of entries) {
    if (principal === undefined || session.principal === principal) bytes += update.length
  }
  return bytes
}

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

/** The entries of a batch that are new. */
export function newsOf(batch: readonly Entry[]): Entry[] {
  return batch.filter((entry) => !entry.checked.known)
}

/** The frames of a batch: what of it is new, by author. */
export function framesOf(batch: Entry[]): AppendFrame[] {
  return newsOf(batch).map(({ session, checked }) => ({
    principal: session.principal,
    origin: 'user',
    clientIds: [...checked.to.keys()],
    update: checked.update,
  }))
}

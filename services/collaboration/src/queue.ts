import { type AppendFrame, Problem, toProblem } from '@realtime/contracts'
import * as Y from 'yjs'
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

/**
 * The updates of a room between their arrival and their commit, in order. Each was checked against the committed
 * document and the clocks that those before it reach; who may write under which client id is known here.
 */
export class Queue {
  #entries: Entry[] = []
  #bytes = 0
  #clocks = new Map<number, number>()
  #principals = new Map<number, string>()
  #state: KnownState

  constructor(doc: Y.Doc) {
    this.#state = {
      doc,
      clock: (clientId) => Math.max(Y.getState(doc.store, clientId), this.#clocks.get(clientId) ?? 0),
      inFlight: () => this.#entries.map((entry) => entry.checked),
    }
  }

  get empty(): boolean {
    return this.#entries.length === 0
  }

  /** Knows from now on whom a client id belongs to. */
  bind(clientId: number, principal: string): void {
    this.#principals.set(clientId, principal)
  }

  /** @throws Problem `invalid-update`, `foreign-client-id`, or `unavailable` when too much waits already */
  push(session: Session, number: number, update: Uint8Array): void {
    if (this.#bytes > QUEUE_BYTES) throw new Problem('unavailable', 'Too much is waiting to be saved; try again.')
    const checked = checkUpdate(update, this.#state)
    for (const clientId of checked.to.keys()) this.#claim(clientId, session.principal)
    this.#add({ session, number, update, checked })
  }

  /** The entries of the next commit; they stay until they are `done` or refused. */
  next(): Entry[] {
    let bytes = 0
    const end = this.#entries.findIndex((entry, index) => {
      bytes += entry.checked.update.length
      return index > 0 && bytes > BATCH_BYTES
    })
    return this.#entries.slice(0, end === -1 ? undefined : end)
  }

  /** Forgets committed entries, which are the first. */
  done(batch: Entry[]): void {
    this.#entries.splice(0, batch.length)
    for (const entry of batch) this.#bytes -= entry.update.length
    if (this.empty) this.#clocks.clear()
  }

  /** Takes out what the document service refused (one frame, or all of the batch), and what depended on it. */
  refuse(batch: Entry[], problem: Problem): void {
    const withFrames = batch.filter((entry) => !entry.checked.known)
    const { frame } = problem.extra
    const refused = typeof frame === 'number' ? withFrames.slice(frame, frame + 1) : withFrames
    this.#entries = this.#entries.filter((entry) => !refused.includes(entry))
    for (const entry of refused) {
      // Whoever holds these client ids, it is not who claimed them here.
      if (problem.key === 'foreign-client-id') for (const id of entry.checked.to.keys()) this.#principals.delete(id)
      entry.session.refuse(entry.number, problem)
    }
    this.recheck()
  }

  /** Looks at everything anew: what was known may not be any more, and the other way round. */
  recheck(): void {
    const entries = this.#entries
    this.clear()
    for (const entry of entries) {
      try {
        this.#add({ ...entry, checked: checkUpdate(entry.update, this.#state) })
      } catch (error) {
        entry.session.refuse(entry.number, toProblem(error))
      }
    }
  }

  clear(): void {
    this.#entries = []
    this.#bytes = 0
    this.#clocks.clear()
  }

  #add(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.update.length
    for (const [clientId, clock] of entry.checked.to) {
      this.#clocks.set(clientId, Math.max(clock, this.#clocks.get(clientId) ?? 0))
    }
  }

  #claim(clientId: number, principal: string): void {
    const holder = this.#principals.get(clientId)
    if (holder === undefined) this.#principals.set(clientId, principal)
    else if (holder !== principal) throw new Problem('foreign-client-id')
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

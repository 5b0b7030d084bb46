import type { Problem, ProblemKey } from '@realtime/contracts'
import { uuidv4 } from 'lib0/random'
import * as Y from 'yjs'
import type { OutboxStore } from './outbox.ts'

/** Edits that the server will never take, kept on this device for their author. */
export interface PrivateCopy {
  id: string
  document: string
  /** The epoch they were made in; '' when it was never known. */
  epoch: string
  /** When they were set aside, in milliseconds since 1970. */
  at: number
  /** Why the server does not take them. */
  reason: ProblemKey
  detail: string
  /** How many edits. */
  count: number
  /** Whether `state` shows by itself; else it has only the edits, without all that they stand on: see `fragmentsOf`. */
  whole: boolean
  /** What the application said of the document: see `about` of the provider. */
  about: unknown
  /** A Yjs V1 update: the document as its author saw it. */
  state: Uint8Array
}

/** A private copy without its bytes. */
export type SetAside = Omit<PrivateCopy, 'state'>

/** Problems that no further attempt mends: what the server refused with them is set aside. */
const FINAL: ReadonlySet<ProblemKey> = new Set<ProblemKey>([
  'read-only',
  'not-found',
  'forbidden',
  'epoch-changed',
  'payload-too-large',
  'invalid-update',
  'foreign-client-id',
])
/** Those of them after which nobody will ever join this document again. */
const GONE: ReadonlySet<ProblemKey> = new Set<ProblemKey>(['not-found', 'forbidden'])

/** Those of them that speak of what was in the update, perhaps of a part of it alone. */
const OF_CONTENT: ReadonlySet<ProblemKey> = new Set<ProblemKey>([
  'payload-too-large',
  'invalid-update',
  'foreign-client-id',
])

export const isFinal = (problem: Problem): boolean => FINAL.has(problem.key)
export const isOfContent = (problem: Problem): boolean => OF_CONTENT.has(problem.key)
export const meansGone = (problem: Problem): boolean => GONE.has(problem.key)

export interface CopyOf {
  id?: string
  document: string
  epoch: string
  problem: Problem
  count: number
  about: unknown
}

/** A private copy of what `doc` holds now. */
export function copyOf(doc: Y.Doc, { id, document, epoch, problem, count, about }: CopyOf): PrivateCopy {
  return {
    id: id ?? uuidv4(),
    document,
    epoch,
    at: Date.now(),
    reason: problem.key,
    detail: problem.message,
    count,
    whole: doc.store.pendingStructs === null && doc.store.pendingDs === null,
    about,
    // Holds what stands on something missing, too.
    state: Y.encodeStateAsUpdate(doc),
  }
}

/** A private copy without its bytes. */
export function withoutState({ state: _state, ...copy }: PrivateCopy): SetAside {
  return copy
}

/**
 * Sets aside the edits of a document that wait in the store under any epoch but `except`: nobody will send them any
 * more. For a document that cannot be opened, call it with the problem that says so.
 * @returns the copies, one for each epoch. @throws what the store throws; the edits are still in it then
 */
export async function setAsideKept(
  store: OutboxStore,
  document: string,
  problem: Problem,
  options: { except?: string; about?: unknown } = {},
): Promise<SetAside[]> {
  const made: SetAside[] = []
  for (const epoch of await store.epochs(document)) {
    if (epoch === options.except) continue
    const [rows, base] = await Promise.all([store.load(document, epoch), store.loadBase(document, epoch)])
    if (rows.length === 0) continue
    const doc = new Y.Doc()
    const updates = [...(base ? [base.state] : []), ...rows.map((row) => row.update)]
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
    const about = base?.about ?? options.about ?? null
    const copy = copyOf(doc, { document, epoch, problem, count: rows.length, about })
    doc.destroy()
    const ids = rows.map((row) => row.id)
    await store.setAside(copy, ids)
    if (base) await store.keepBase(document, epoch, null)
    made.push(withoutState(copy))
  }
  return made
}

/** The pieces of text that an update writes, in the order they were written: what is left of a copy that is not whole. */
export function fragmentsOf(update: Uint8Array): string[] {
  const fragments: string[] = []
  let end = { client: -1, clock: -1 }
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue
    const { client, clock } = struct.id
    const { origin } = struct
    const follows =
      end.client === client && end.clock === clock && origin?.client === client && origin.clock === clock - 1
    const last = fragments.length - 1
    if (follows) fragments[last] += struct.content.str
    else fragments.push(struct.content.str)
    end = { client, clock: clock + struct.length }
  }
  return fragments
}

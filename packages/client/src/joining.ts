import * as Y from 'yjs'
import type { Pending } from './pending.ts'
import type { Replica } from './replica.ts'
import { heldBy, holds, unsentOf } from './unsent.ts'
import { type ServerMessage, stateDigest, write } from './wire/index.ts'

type Joined = Extract<ServerMessage, { type: 'joined' }>

/** A join under way: what it told the server of the own replica. */
export interface Asked {
  message: Uint8Array
  stateVector: Uint8Array
  /** The last own update in it. */
  last: number
  /** Whether nothing of the replica stood on something missing: its digest does not tell of what does. */
  whole: boolean
}

/** Writes a join; '' stands for an epoch that is not known. */
export function askToJoin(doc: Y.Doc, pending: Pending, document: string, epoch: string): Asked {
  const stateVector = Y.encodeStateVector(doc)
  const message = write.join(document, epoch, doc.clientID, stateDigest(doc), stateVector)
  return { message, stateVector, last: pending.last, whole: !doc.store.pendingStructs && !doc.store.pendingDs }
}

/** Takes what the own replica lacks, and finds out what the server lacks of it: then `pending` holds all of that. */
export function compareWith(answer: Joined, asked: Asked, replica: Replica, pending: Pending): void {
  const { doc, mayWrite } = replica
  if (answer.stateVector.length === 0) {
    // Nothing differed when it was asked.
    if (asked.whole) pending.settle(asked.last)
    return
  }
  replica.apply([answer.update])
  const hadNothing = asked.stateVector.length <= 1 && pending.count === 0
  if (hadNothing) return
  const held = heldBy(answer.stateVector, answer.update)
  if (!mayWrite) {
    pending.drop((own) => holds(held, own))
    return
  }
  const unsent = unsentOf(doc, held, () => pending.updates())
  if (unsent) pending.prepend(unsent)
}

import { digest as sha256 } from 'lib0/hash/sha256'
import * as Y from 'yjs'

const BYTES = 16

/**
 * A digest of all that a document holds: its state vector and which of it is deleted, in one order. Two replicas of one
 * epoch with equal digests lack nothing of each other. A state vector alone does not tell of deletions, and Yjs would
 * send all of them again at each reconnection. Costs a look at every struct.
 */
export function stateDigest(doc: Y.Doc): Uint8Array {
  const deletions = Y.createDeleteSetFromStructStore(doc.store)
  const numbers: number[] = []
  for (const [client] of sorted(doc.store.clients)) numbers.push(client, Y.getState(doc.store, client))
  for (const [client, ranges] of sorted(deletions.clients)) {
    numbers.push(client, ranges.length)
    for (const { clock, len } of ranges) numbers.push(clock, len)
  }
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer)
  return sha256(bytes).slice(0, BYTES)
}

function sorted<T>(map: Map<number, T>): [number, T][] {
  return [...map].sort(([a], [b]) => a - b)
}

/** Whether two digests are of the same state; an empty one is of none. */
export function sameDigest(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === BYTES && a.length === b.length && a.every((byte, index) => byte === b[index])
}

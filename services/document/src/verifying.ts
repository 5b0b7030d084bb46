import { exactReplica } from '@realtime/resources'
import * as Y from 'yjs'
import { type Claims, lackOf } from './claims.ts'
import { digestOf } from './digest.ts'
import { unpackState } from './packing.ts'

/**
 * What is wrong with a state as it is to be stored, in words; null when nothing is. It is read back into a document of
 * its own, which must have all that the rows say (their clocks and what they delete), wait for nothing, and hold
 * item by item what the folded document held.
 */
export function wrongWith({
  packed,
  claims,
  content,
}: {
  packed: Uint8Array
  claims: Claims
  content: string
}): string | null {
  const doc = exactReplica()
  try {
    Y.applyUpdate(doc, unpackState(packed))
    if (doc.store.pendingStructs || doc.store.pendingDs) return 'it lacks a part of itself'
    const lack = lackOf(doc, claims)
    if (lack !== null) return lack
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
      if (claims.clocks.get(client) !== clock) return `nobody wrote clock ${clock} of client ${client}`
    }
    return digestOf(doc) === content ? null : 'its content is another'
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    doc.destroy()
  }
}

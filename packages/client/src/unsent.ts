import * as Y from 'yjs'

/**
 * What `doc` holds that neither the server (by its state vector) nor `pending` has, for instance edits made before the
 * provider was; null when nothing is missing. Deletions alone do not show in a state vector and are not found.
 */
export function unsentOf(doc: Y.Doc, stateVector: Uint8Array, pending: () => Uint8Array[]): Uint8Array | null {
  const own = Y.decodeStateVector(Y.encodeStateVector(doc))
  const known = Y.decodeStateVector(stateVector)
  const covered = (): boolean => [...own].every(([client, clock]) => clock <= (known.get(client) ?? 0))
  if (covered()) return null
  for (const update of pending()) {
    const { from, to } = Y.parseUpdateMeta(update)
    for (const [client, clock] of to) {
      const reached = known.get(client) ?? 0
      // What follows a gap stands on something that is missing.
      if ((from.get(client) ?? 0) <= reached) known.set(client, Math.max(reached, clock))
    }
  }
  return covered() ? null : Y.encodeStateAsUpdate(doc, stateVector)
}

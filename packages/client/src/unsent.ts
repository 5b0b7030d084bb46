import * as Y from 'yjs'

type Deletions = ReturnType<typeof Y.createDeleteSetFromStructStore>

/** What the server has: how far each client id goes, and what of it is deleted. */
export interface Held {
  clocks: Map<number, number>
  deletions: Deletions
}

/** What the server says it has: its state vector, and the update that it answers a join with, which holds all deletions. */
export function heldBy(stateVector: Uint8Array, missing: Uint8Array): Held {
  return { clocks: Y.decodeStateVector(stateVector), deletions: Y.mergeDeleteSets([Y.decodeUpdate(missing).ds]) }
}

/** Whether the server has all of an update. */
export function holds(held: Held, update: Uint8Array): boolean {
  const { to } = Y.parseUpdateMeta(update)
  if ([...to].some(([client, clock]) => clock > (held.clocks.get(client) ?? 0))) return false
  return covers(held.deletions, Y.decodeUpdate(update).ds)
}

/**
 * What `doc` holds that neither the server nor `pending` has, for instance edits made before the provider was; null
 * when nothing is missing.
 */
export function unsentOf(doc: Y.Doc, held: Held, pending: () => Uint8Array[]): Uint8Array | null {
  const own = Y.decodeStateVector(Y.encodeStateVector(doc))
  const ownDeletions = Y.createDeleteSetFromStructStore(doc.store)
  const clocks = new Map(held.clocks)
  const covered = (deletions: Deletions): boolean =>
    [...own].every(([client, clock]) => clock <= (clocks.get(client) ?? 0)) && covers(deletions, ownDeletions)
  if (covered(held.deletions)) return null
  const deletions = [held.deletions]
  for (const update of pending()) {
    const { from, to } = Y.parseUpdateMeta(update)
    for (const [client, clock] of to) {
      const reached = clocks.get(client) ?? 0
      // What follows a gap stands on something that is missing.
      if ((from.get(client) ?? 0) <= reached) clocks.set(client, Math.max(reached, clock))
    }
    deletions.push(Y.decodeUpdate(update).ds)
  }
  return covered(Y.mergeDeleteSets(deletions)) ? null : Y.encodeStateAsUpdate(doc, Y.encodeStateVector(held.clocks))
}

/** Whether every range of `some` lies within one of `all`, which are in order and apart from each other. */
function covers(all: Deletions, some: Deletions): boolean {
  for (const [client, ranges] of some.clients) {
    const within = all.clients.get(client) ?? []
    for (const { clock, len } of ranges) {
      const range = lastUpTo(within, clock)
      if (!range || clock + len > range.clock + range.len) return false
    }
  }
  return true
}

function lastUpTo<T extends { clock: number }>(ranges: T[], clock: number): T | undefined {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle] as T).clock <= clock) low = middle + 1
    else high = middle
  }
  return ranges[low - 1]
}

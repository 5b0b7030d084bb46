import * as Y from 'yjs'

/**
 * How much one message folds together at most. Merging more edits costs more than its share; of client ids, and of
 * structs and deletions, it is half of what the server takes (SPEC U13).
 */
export const FOLD = { edits: 500, clientIds: 128, parts: 75_000 }
/** What was refused as one message goes in so many. */
const PIECES = 8

/** What an update counts for in a message. */
interface Weight {
  clientIds: number[]
  /** Structs and deletions. */
  parts: number
}

/** An edit to be folded with its neighbours. */
export interface Foldable {
  update: Uint8Array
  /** How many edits the message that it is in may have. */
  together: number
  /** Known once it was looked at. */
  weight: Weight | null
}

/** What goes in one message of those from `start` on: as much as `room` bytes take, or the first when it may go `alone`. */
export function fold<T extends Foldable>(entries: T[], start: number, room: number, alone: boolean): T[] {
  const part: T[] = []
  const clientIds = new Set<number>()
  let [bytes, parts, together] = [0, 0, FOLD.edits]
  for (let index = start; index < entries.length; index++) {
    const entry = entries[index] as T
    bytes += entry.update.length
    together = Math.min(together, entry.together)
    if (part.length === 0) {
      if (bytes > room && !alone) break
    } else if (bytes > room || part.length >= together) break
    else {
      // A message of one edit needs no look.
      if (part.length === 1) parts = count(part[0] as T, clientIds)
      parts += count(entry, clientIds)
      if (parts > FOLD.parts || clientIds.size > FOLD.clientIds) break
    }
    part.push(entry)
  }
  return part
}

/** Has edits that were refused as one message go in smaller ones. @returns whether that can be: not of a single edit */
export function divide(part: Foldable[]): boolean {
  const together = Math.max(1, Math.floor(part.length / PIECES))
  for (const entry of part) entry.together = together
  return part.length > 1
}

/** Adds the client ids of an edit. @returns its parts */
function count(entry: Foldable, clientIds: Set<number>): number {
  entry.weight ??= weigh(entry.update)
  for (const clientId of entry.weight.clientIds) clientIds.add(clientId)
  return entry.weight.parts
}

function weigh(update: Uint8Array): Weight {
  const { structs, ds } = Y.decodeUpdate(update)
  const clientIds = new Set(structs.map((struct) => struct.id.client))
  let parts = structs.length
  for (const ranges of ds.clients.values()) parts += ranges.length
  return { clientIds: [...clientIds], parts }
}

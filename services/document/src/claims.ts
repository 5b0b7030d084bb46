import * as Y from 'yjs'

/**
 * What updates say is in a document, taken from the updates themselves: a state that was folded from them must have all
 * of it.
 */
export interface Claims {
  /** The end of what each client id wrote. */
  clocks: Map<number, number>
  /** Of each client id what is deleted: clock and length, in turns. */
  deletes: Map<number, number[]>
}

/** Claims of nothing. */
export function noClaims(): Claims {
  return { clocks: new Map(), deletes: new Map() }
}

/** A decoded update. */
export type Update = ReturnType<typeof Y.decodeUpdate>

/** Adds what an update says. */
export function claim({ clocks, deletes }: Claims, { structs, ds }: Update): void {
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    const { client, clock } = struct.id
    const end = clock + struct.length
    if (end > (clocks.get(client) ?? 0)) clocks.set(client, end)
  }
  for (const [client, items] of ds.clients) {
    const known = deletes.get(client) ?? []
    deletes.set(client, known)
    for (const { clock, len } of items) {
      const last = known.length - 2
      // One key held down deletes from right to left, or from left to right.
      if (last >= 0 && (known[last] ?? 0) + (known[last + 1] ?? 0) === clock)
        known[last + 1] = (known[last + 1] ?? 0) + len
      else if (last >= 0 && known[last] === clock + len) {
        known[last] = clock
        known[last + 1] = (known[last + 1] ?? 0) + len
      } else known.push(clock, len)
    }
  }
}

/** What of the claims a document lacks, in words; null when it has all. */
export function lackOf(doc: Y.Doc, { clocks, deletes }: Claims): string | null {
  for (const [client, end] of clocks) {
    const has = Y.getState(doc.store, client)
    if (has < end) return `of client ${client} it has ${has} of ${end} clocks`
  }
  const deleted = Y.createDeleteSetFromStructStore(doc.store)
  for (const [client, ranges] of deletes) {
    const has = deleted.clients.get(client) ?? []
    for (let index = 0; index < ranges.length; index += 2) {
      const [clock = 0, length = 0] = ranges.slice(index, index + 2)
      const range = rangeAt(has, clock)
      if (!range || range.clock + range.len < clock + length) {
        return `of client ${client} it does not delete all of ${clock} to ${clock + length}`
      }
    }
  }
  return null
}

/** The claims as numbers in one buffer, which passes from thread to thread without being copied. */
export function encodeClaims({ clocks, deletes }: Claims): Float64Array<ArrayBuffer> {
  const numbers: number[] = [clocks.size]
  for (const [client, end] of clocks) numbers.push(client, end)
  let length = numbers.length
  for (const ranges of deletes.values()) length += 2 + ranges.length
  const all = new Float64Array(length)
  all.set(numbers)
  let offset = numbers.length
  for (const [client, ranges] of deletes) {
    all.set([client, ranges.length], offset)
    all.set(ranges, offset + 2)
    offset += 2 + ranges.length
  }
  return all
}

/** Reads what `encodeClaims` wrote. */
export function decodeClaims(numbers: Float64Array): Claims {
  const claims = noClaims()
  const [size = 0] = numbers
  let offset = 1
  for (; offset <= 2 * size; offset += 2) claims.clocks.set(numbers[offset] ?? 0, numbers[offset + 1] ?? 0)
  while (offset < numbers.length) {
    const end = offset + 2 + (numbers[offset + 1] ?? 0)
    claims.deletes.set(numbers[offset] ?? 0, [...numbers.subarray(offset + 2, end)])
    offset = end
  }
  return claims
}

interface Range {
  clock: number
  len: number
}

/** The range that a clock is in, of ranges in their order. */
function rangeAt(ranges: readonly Range[], clock: number): Range | null {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (!range) return null
    if (clock < range.clock) high = middle - 1
    else if (clock >= range.clock + range.len) low = middle + 1
    else return range
  }
  return null
}

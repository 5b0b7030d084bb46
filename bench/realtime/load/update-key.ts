/**
 * What tells an update of one writer from all others: the client id and clock of its first struct, else of the first
 * thing it deletes (nothing is deleted twice). Reads no more than the head of a Yjs V1 update. Clocks are below 2^20.
 * @returns -1 for an update that holds nothing
 */
export function updateKey(update: Uint8Array): number {
  at = 0
  if (number(update) > 0) {
    number(update)
    const client = number(update)
    return client * 2_097_152 + number(update) * 2
  }
  if (number(update) === 0) return -1
  const client = number(update)
  number(update)
  return client * 2_097_152 + number(update) * 2 + 1
}

let at = 0

function number(bytes: Uint8Array): number {
  let value = 0
  let factor = 1
  for (;;) {
    const byte = bytes[at++]
    if (byte === undefined) throw new RangeError('the update is cut')
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
    factor *= 0x80
  }
}

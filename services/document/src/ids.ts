import { randomBytes } from 'node:crypto'

/** A new random id: 20 letters and digits, about 119 bits. */
export function newId(): string {
  return letters(20)
}

/** A new epoch: 12 letters and digits. */
export function newEpoch(): string {
  return letters(12)
}

function letters(length: number): string {
  let text = ''
  while (text.length < length) text += randomBytes(24).toString('base64url').replace(/[-_]/g, '')
  return text.slice(0, length)
}

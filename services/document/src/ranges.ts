import { Problem } from '@realtime/contracts'

/** A part of some bytes: `[from, to)`. */
export interface Part {
  from: number
  to: number
}

/**
 * The part that a `Range` header asks for (RFC 9110, section 14); null for all: without a header, and for what servers
 * may pass over, such as several ranges, another unit or nonsense.
 * @throws Problem `range-not-satisfiable`
 */
export function partOf(header: string | undefined, size: number): Part | null {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header ?? '')
  if (!match) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  if (from >= size || from >= to) {
    throw new Problem('range-not-satisfiable', undefined, { headers: { 'content-range': `bytes */${size}` } })
  }
  return { from, to }
}

import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'

/** Something that has a place among others. */
export interface Ordered {
  id: string
  /** A fractional index key; empty where it was unreadable, which stands first. */
  order: string
}

/** Longer keys come from nobody's normal work. */
const MOST_KEY = 256

/** Reads an order key; what is none becomes the empty one. */
export function readOrder(value: unknown): string {
  if (typeof value !== 'string' || value.length > MOST_KEY || !/^[0-9A-Za-z]+$/.test(value)) return ''
  try {
    generateKeyBetween(value, null)
    return value
  } catch {
    return ''
  }
}

/** Compares places: by key, and by id where two people took the same key at once. */
export function byOrder(one: Ordered, other: Ordered): number {
  if (one.order !== other.order) return one.order < other.order ? -1 : 1
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}

/** Where newcomers go, and who has to move aside for them. */
export interface Places {
  /** Of the newcomers, rising. */
  keys: string[]
  /** New keys of items that shared theirs with the item before, so that nothing fits between. */
  moved: { id: string; order: string }[]
}

/** Keys for `count` newcomers at `index` of items that are in their order. */
export function placesAt(items: readonly Ordered[], index: number, count: number): Places {
  const before = items[index - 1]?.order || null
  let end = Math.max(0, index)
  while (end < items.length && !isAfter(items[end]?.order ?? '', before)) end++
  const aside = items.slice(Math.max(0, index), end)
  const keys = generateNKeysBetween(before, items[end]?.order ?? null, count + aside.length)
  const moved = aside.map((item, at) => ({ id: item.id, order: keys[count + at] ?? '' }))
  return { keys: keys.slice(0, count), moved }
}

function isAfter(order: string, before: string | null): boolean {
  return order !== '' && (before === null || order > before)
}

import { fileId } from '@realtime/contracts'
import { generateKeyBetween } from 'fractional-indexing'

/** Turns whatever a peer wrote into a value that can be drawn, or throws `Unsound` where nothing can stand for it. */
export type Sound = (value: unknown) => unknown

/** What no value can stand for: the element is left out by readers, and stays as it is in the state. */
export class Unsound extends Error {}

/** Farthest coordinate and largest size, in pixels of the scene. */
export const FARTHEST = 10_000_000
/** Most points of a line or stroke. */
export const MOST_POINTS = 50_000
/** Longest text of one element, in UTF-16 units. */
export const LONGEST_TEXT = 100_000

/** A number within bounds; without `otherwise` it must be one. */
export function number(least: number, most: number, otherwise?: number): Sound {
  return (value) => {
    if (typeof value === 'number' && Number.isFinite(value)) return Math.min(most, Math.max(least, value))
    if (otherwise === undefined) throw new Unsound('no number')
    return otherwise
  }
}

export const oneOf =
  (words: readonly unknown[], otherwise: unknown): Sound =>
  (value) =>
    words.includes(value) ? value : otherwise

export const flag =
  (otherwise: boolean): Sound =>
  (value) =>
    typeof value === 'boolean' ? value : otherwise

/** A short name of something else, such as an id. */
export const name: Sound = (value) => (typeof value === 'string' && value.length <= 100 && value ? value : null)

export const text: Sound = (value) => {
  if (typeof value !== 'string') throw new Unsound('no text')
  return value.slice(0, LONGEST_TEXT)
}

export const nullable =
  (sound: Sound): Sound =>
  (value) =>
    value === null || value === undefined ? null : sound(value)

/** As `sound`, but null instead of throwing. */
export const orNull =
  (sound: Sound): Sound =>
  (value) => {
    try {
      return nullable(sound)(value)
    } catch {
      return null
    }
  }

export function list(sound: Sound, most: number): Sound {
  return (value) => {
    if (!Array.isArray(value)) throw new Unsound('no list')
    if (value.length > most) throw new Unsound('too long a list')
    return value.map(sound)
  }
}

/** Exactly two. */
export function pair(sound: Sound): Sound {
  return (value) => {
    if (!Array.isArray(value) || value.length !== 2) throw new Unsound('no pair')
    return value.map(sound)
  }
}

export function record(fields: Record<string, Sound>): Sound {
  return (value) => {
    if (!isRecord(value)) throw new Unsound('no record')
    return Object.fromEntries(Object.entries(fields).map(([key, sound]) => [key, sound(value[key])]))
  }
}

export const coordinate = number(-FARTHEST, FARTHEST)
export const point: Sound = (value) => {
  if (!Array.isArray(value) || value.length < 2) throw new Unsound('no point')
  return [coordinate(value[0]), coordinate(value[1])]
}

/** At least `least` points: fewer cannot be drawn. */
export function points(least: number): Sound {
  const all = list(point, MOST_POINTS)
  return (value) => {
    const sound = all(value) as unknown[]
    if (sound.length < least) throw new Unsound('too few points')
    return sound
  }
}

/** A colour that says nothing else: no `url()`, which would fetch. */
export const color =
  (otherwise: string): Sound =>
  (value) =>
    typeof value === 'string' && value.length <= 64 && COLOR.test(value.trim()) ? value.trim() : otherwise
const COLOR = /^(#[0-9a-f]{3,8}|[a-z]{1,32}|(rgb|hsl)a?\([\d.,%/\s+-]{1,48}\))$/i

/** A link that a browser may follow: to the web, to an address of e-mail, or within this site; else null. */
export const link: Sound = (value) => {
  if (typeof value !== 'string' || value.length > 2_000) return null
  const plain = value.trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip them, so `java\nscript:` would run
  if (/[\u0000-\u001f\u007f]/.test(plain)) return null
  return /^(https?:\/\/|mailto:|\/(?![/\\]))/i.test(plain) ? plain : null
}

/** The id of a file of ours. */
export const file: Sound = (value) => (fileId.safeParse(value).success ? value : null)

/** A key of fractional indexing, of its digits alone: it lets other characters pass, and fails at keys next to them. */
export const index: Sound = (value) => {
  if (typeof value !== 'string' || value.length > 1_000 || !/^[0-9A-Za-z]+$/.test(value)) return null
  try {
    generateKeyBetween(value, null)
    return value
  } catch {
    return null
  }
}

/** Small data of other programs, carried along. */
export const custom: Sound = (value) => {
  if (!isRecord(value)) return undefined
  try {
    return JSON.stringify(value).length <= 5_000 ? value : undefined
  } catch {
    // Too deep, or a `bigint`, which Yjs can hold and JSON cannot.
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

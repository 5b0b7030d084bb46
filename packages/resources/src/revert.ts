import * as Y from 'yjs'

type XmlNode = Y.XmlElement | Y.XmlText | Y.XmlHook
type XmlParent = Y.XmlFragment | Y.XmlElement

/** Makes a map what it was, key by key; shared types that are of one sort in both are reverted inside. */
export function revertMap(live: Y.Map<unknown>, past: Y.Map<unknown>): void {
  for (const key of [...live.keys()]) if (!past.has(key)) live.delete(key)
  for (const [key, was] of past) {
    const is = live.get(key)
    if (was instanceof Y.Map && is instanceof Y.Map) revertMap(is, was)
    else if (was instanceof Y.XmlFragment && is instanceof Y.XmlFragment && sameSort(is, was)) revertXml(is, was)
    else if (was instanceof Y.AbstractType) live.set(key, was.clone())
    else if (is instanceof Y.AbstractType || JSON.stringify(is) !== JSON.stringify(was)) live.set(key, was)
  }
}

/** Makes an XML fragment or element what it was: what stands in both stays, so that edits to it merge. */
export function revertXml(live: XmlParent, past: XmlParent): void {
  if (live instanceof Y.XmlElement && past instanceof Y.XmlElement) revertAttributes(live, past)
  const is = live.toArray() as XmlNode[]
  const was = past.toArray() as XmlNode[]
  const isKeys = is.map(keyOf)
  const wasKeys = was.map(keyOf)
  let start = 0
  while (start < is.length && start < was.length && isKeys[start] === wasKeys[start]) start++
  let end = 0
  while (
    end < is.length - start &&
    end < was.length - start &&
    isKeys[is.length - 1 - end] === wasKeys[was.length - 1 - end]
  )
    end++
  // From behind, so that what is before keeps its place.
  for (const run of runsBetween(isKeys, wasKeys, start, end).reverse()) revertRun(live, is, was, run)
}

/** Makes a text what it was, by replacing what lies between the common beginning and the common end. */
export function revertText(live: Y.XmlText | Y.Text, past: Y.XmlText | Y.Text): void {
  const is = unitsOf(live)
  const was = unitsOf(past)
  const isKeys = is.map((unit) => JSON.stringify(unit))
  const wasKeys = was.map((unit) => JSON.stringify(unit))
  let start = 0
  while (start < is.length && start < was.length && isKeys[start] === wasKeys[start]) start++
  let end = 0
  while (
    end < is.length - start &&
    end < was.length - start &&
    isKeys[is.length - 1 - end] === wasKeys[was.length - 1 - end]
  )
    end++
  const lengthOf = (units: Unit[]) => units.reduce((sum, unit) => sum + unit.length, 0)
  let at = lengthOf(is.slice(0, start))
  const gone = lengthOf(is.slice(start, is.length - end))
  if (gone > 0) live.delete(at, gone)
  // Empty attributes are given on purpose: else an insertion takes on the format to its left.
  for (const { insert, attributes, length } of joined(was.slice(start, was.length - end))) {
    if (typeof insert === 'string') live.insert(at, insert, attributes)
    else live.insertEmbed(at, insert, attributes)
    at += length
  }
}

/** A part of two lists that differs: `[from, to)` in each. */
interface Run {
  is: [from: number, to: number]
  was: [from: number, to: number]
}

/** Above this many comparisons the middle is one run: what is lost is only how finely later edits merge. */
const MOST_COMPARED = 4_000_000

/** Where two lists differ, between their common beginning and end, by a longest common subsequence. */
function runsBetween(is: string[], was: string[], start: number, end: number): Run[] {
  const a = is.slice(start, is.length - end)
  const b = was.slice(start, was.length - end)
  if (a.length === 0 && b.length === 0) return []
  const whole: Run = { is: [start, start + a.length], was: [start, start + b.length] }
  if (a.length * b.length > MOST_COMPARED) return [whole]
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const down = lengths[(i + 1) * width + j] ?? 0
      const right = lengths[i * width + j + 1] ?? 0
      const across = (lengths[(i + 1) * width + j + 1] ?? 0) + 1
      lengths[i * width + j] = a[i] === b[j] ? across : Math.max(down, right)
    }
  }
  const runs: Run[] = []
  let open: Run | null = null
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      open = null
      i++
      j++
      continue
    }
    if (!open) {
      open = { is: [start + i, start + i], was: [start + j, start + j] }
      runs.push(open)
    }
    const down = i < a.length ? (lengths[(i + 1) * width + j] ?? 0) : -1
    const right = j < b.length ? (lengths[i * width + j + 1] ?? 0) : -1
    if (down >= right) open.is[1] = start + ++i
    else open.was[1] = start + ++j
  }
  return runs
}

/** Nodes of one name are reverted inside, pair by pair; the rest goes or comes. */
function revertRun(live: XmlParent, is: XmlNode[], was: XmlNode[], run: Run): void {
  const here = is.slice(...run.is)
  const there = was.slice(...run.was)
  let pairs = 0
  while (pairs < here.length && pairs < there.length && sameSort(here[pairs], there[pairs])) pairs++
  const extra = here.length - pairs
  if (extra > 0) live.delete(run.is[0] + pairs, extra)
  const missing = there.slice(pairs).map((node) => node.clone() as Y.XmlElement | Y.XmlText)
  if (missing.length > 0) live.insert(run.is[0] + pairs, missing)
  for (let index = 0; index < pairs; index++) {
    const one = here[index]
    const other = there[index]
    if (one instanceof Y.XmlText && other instanceof Y.XmlText) revertText(one, other)
    else if (one instanceof Y.XmlElement && other instanceof Y.XmlElement) revertXml(one, other)
  }
}

function revertAttributes(live: Y.XmlElement, past: Y.XmlElement): void {
  const is = live.getAttributes() as Record<string, unknown>
  const was = past.getAttributes() as Record<string, unknown>
  for (const name of Object.keys(is)) if (!(name in was)) live.removeAttribute(name)
  for (const [name, value] of Object.entries(was)) {
    if (JSON.stringify(is[name]) !== JSON.stringify(value)) live.setAttribute(name, value as string)
  }
}

function sameSort(one: unknown, other: unknown): boolean {
  if (one instanceof Y.XmlElement && other instanceof Y.XmlElement) return one.nodeName === other.nodeName
  if (one instanceof Y.XmlElement || other instanceof Y.XmlElement) return false
  if (one instanceof Y.XmlText) return other instanceof Y.XmlText
  return one instanceof Y.XmlFragment && other instanceof Y.XmlFragment
}

/** A whole character (never half of a surrogate pair, which Yjs cannot hold) or an embed, with its format. */
interface Unit {
  insert: string | object
  attributes: Record<string, unknown>
  /** As Yjs counts: UTF-16 units; an embed is one. */
  length: number
}

function unitsOf(text: Y.XmlText | Y.Text): Unit[] {
  const units: Unit[] = []
  for (const { insert, attributes } of text.toDelta() as { insert: string | object; attributes?: object }[]) {
    const format = sorted(attributes ?? {})
    if (typeof insert !== 'string') units.push({ insert, attributes: format, length: 1 })
    else for (const char of insert) units.push({ insert: char, attributes: format, length: char.length })
  }
  return units
}

/** Neighbours of one format as one. */
function joined(units: Unit[]): Unit[] {
  const runs: Unit[] = []
  for (const unit of units) {
    const last = runs.at(-1)
    const one = typeof unit.insert === 'string' && typeof last?.insert === 'string'
    if (last && one && JSON.stringify(last.attributes) === JSON.stringify(unit.attributes)) {
      last.insert = `${last.insert}${unit.insert}`
      last.length += unit.length
    } else runs.push({ ...unit })
  }
  return runs
}

function sorted(attributes: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Equal for nodes of equal content. */
function keyOf(node: XmlNode): string {
  return JSON.stringify(plainOf(node))
}

function plainOf(node: XmlNode): unknown {
  if (node instanceof Y.XmlText) return unitsJoined(node)
  if (node instanceof Y.XmlElement) {
    return [node.nodeName, sorted(node.getAttributes()), (node.toArray() as XmlNode[]).map(plainOf)]
  }
  return node.toJSON()
}

function unitsJoined(text: Y.XmlText): unknown {
  return (text.toDelta() as { insert: unknown; attributes?: object }[]).map(({ insert, attributes }) => [
    insert,
    sorted(attributes ?? {}),
  ])
}

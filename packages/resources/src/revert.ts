import * as Y from 'yjs'
import { copyOf, keyOf, plainOf } from './content.ts'
import { commonEnds, type Run, runsBetween } from './differences.ts'

type XmlParent = Y.XmlFragment | Y.XmlElement

/** Makes a map what it was, key by key; shared types that are of one sort in both are reverted inside. */
export function revertMap(live: Y.Map<unknown>, past: Y.Map<unknown>): void {
  for (const key of [...live.keys()]) if (!past.has(key)) live.delete(key)
  for (const [key, was] of past) {
    const is = live.get(key)
    if (sameSort(is, was)) revertShared(is, was)
    else if (was instanceof Y.AbstractType || !live.has(key) || keyOf(is) !== keyOf(was)) live.set(key, copyOf(was))
  }
}

/** Makes a list what it was: what stands in both stays, so that edits inside of it merge. */
export function revertArray(live: Y.Array<unknown>, past: Y.Array<unknown>): void {
  revertList(live, live.toArray(), past.toArray())
}

/** Makes an XML fragment or element what it was: what stands in both stays, so that edits to it merge. */
export function revertXml(live: XmlParent, past: XmlParent): void {
  if (live instanceof Y.XmlElement && past instanceof Y.XmlElement) revertAttributes(live, past)
  revertList(live as unknown as List, live.toArray(), past.toArray())
}

/** Makes a text what it was, by replacing what lies between the common beginning and the common end. */
export function revertText(live: Y.Text, past: Y.Text): void {
  revertAttributes(live, past)
  const is = unitsOf(live)
  const was = unitsOf(past)
  const isKeys = is.map(unitKey)
  const wasKeys = was.map(unitKey)
  const { start, end } = commonEnds(isKeys, wasKeys)
  const lengthOf = (units: Unit[]) => units.reduce((sum, unit) => sum + unit.length, 0)
  let at = lengthOf(is.slice(0, start))
  const gone = lengthOf(is.slice(start, is.length - end))
  if (gone > 0) live.delete(at, gone)
  // Attributes are given even where there are none: else an insertion takes on the format to its left.
  for (const { insert, attributes, length } of joined(was.slice(start, was.length - end))) {
    if (typeof insert === 'string') live.insert(at, insert, { ...attributes })
    else live.insertEmbed(at, copyOf(insert) as object, { ...attributes })
    at += length
  }
}

/** What lists of all sorts can do. */
interface List {
  delete(index: number, length: number): void
  insert(index: number, content: unknown[]): void
}

/**
 * Members that are the same one in both are reverted inside; so are, of the rest, those of one sort. Others go or come.
 * From behind, so that what is before keeps its place.
 */
function revertList(live: List, is: unknown[], was: unknown[]): void {
  const pairs: [unknown, unknown][] = []
  const all: Run = { is: [0, is.length], was: [0, was.length] }
  // Equal ones before those of one sort: what was restored before is not the same one, but looks it.
  for (const run of compare(is, was, all, [identityOf, keyOf, sortOf], pairs).reverse()) {
    const [from, to] = run.is
    if (to > from) live.delete(from, to - from)
    const missing = was.slice(...run.was).map(copyOf)
    if (missing.length > 0) live.insert(from, missing)
  }
  for (const [one, other] of pairs) if (keyOf(one) !== keyOf(other)) revertShared(one, other)
}

/** Where two lists differ by each of some names, one after the other; what is the same by one is added to `pairs`. */
function compare(
  is: unknown[],
  was: unknown[],
  part: Run,
  [name, ...names]: ((value: unknown) => string)[],
  pairs: [unknown, unknown][],
): Run[] {
  if (!name) return [part]
  const { is: here, was: there } = part
  const runs = runsBetween(is.slice(...here).map(name), was.slice(...there).map(name)).map<Run>((run) => ({
    is: [run.is[0] + here[0], run.is[1] + here[0]],
    was: [run.was[0] + there[0], run.was[1] + there[0]],
  }))
  let [i, j] = [here[0], there[0]]
  for (const run of [...runs, { is: [here[1], here[1]], was: [there[1], there[1]] }]) {
    while (i < (run.is[0] ?? 0)) pairs.push([is[i++], was[j++]])
    i = run.is[1] ?? 0
    j = run.was[1] ?? 0
  }
  return runs.flatMap((run) => compare(is, was, run, names, pairs))
}

/** The same for a shared type in all replicas and at all times. */
function identityOf(value: unknown): string {
  const id = value instanceof Y.AbstractType ? value._item?.id : null
  return id ? `${id.client}.${id.clock} ${sortOf(value)}` : keyOf(value)
}

/** The same for shared types of which one can be made the other, and for equal plain values. */
function sortOf(value: unknown): string {
  if (value instanceof Y.XmlElement) return `element ${value.nodeName}`
  if (value instanceof Y.XmlHook) return `hook ${value.hookName}`
  if (value instanceof Y.XmlText) return 'xml text'
  if (value instanceof Y.XmlFragment) return 'fragment'
  if (value instanceof Y.Text) return 'text'
  if (value instanceof Y.Array) return 'array'
  return value instanceof Y.Map ? 'map' : keyOf(value)
}

/** Whether two values are shared types of which one can be made the other. */
function sameSort(one: unknown, other: unknown): boolean {
  return one instanceof Y.AbstractType && other instanceof Y.AbstractType && sortOf(one) === sortOf(other)
}

function revertShared(live: unknown, past: unknown): void {
  if (live instanceof Y.Map && past instanceof Y.Map) revertMap(live, past)
  else if (live instanceof Y.Array && past instanceof Y.Array) revertArray(live, past)
  else if (live instanceof Y.Text && past instanceof Y.Text) revertText(live, past)
  else if (live instanceof Y.XmlFragment && past instanceof Y.XmlFragment) revertXml(live, past)
}

function revertAttributes(live: Y.XmlElement | Y.Text, past: Y.XmlElement | Y.Text): void {
  const is = live.getAttributes() as Record<string, unknown>
  const was = past.getAttributes() as Record<string, unknown>
  for (const name of Object.keys(is)) if (!Object.hasOwn(was, name)) live.removeAttribute(name)
  for (const [name, value] of Object.entries(was)) {
    if (keyOf(is[name]) !== keyOf(value)) live.setAttribute(name, copyOf(value) as string)
  }
}

/** A whole character (never half of a surrogate pair, which Yjs cannot hold) or an embed, with its format. */
interface Unit {
  insert: string | object
  attributes: Record<string, unknown>
  /** As Yjs counts: UTF-16 units; an embed is one. */
  length: number
}

function unitsOf(text: Y.Text): Unit[] {
  const units: Unit[] = []
  for (const { insert, attributes } of text.toDelta() as { insert: string | object; attributes?: object }[]) {
    const format = (attributes ?? {}) as Record<string, unknown>
    if (typeof insert !== 'string') units.push({ insert, attributes: format, length: 1 })
    else for (const char of insert) units.push({ insert: char, attributes: format, length: char.length })
  }
  return units
}

function unitKey({ insert, attributes }: Unit): string {
  return JSON.stringify([typeof insert === 'string' ? insert : [plainOf(insert)], plainOf(attributes)])
}

/** Neighbours of one format as one. */
function joined(units: Unit[]): Unit[] {
  const runs: Unit[] = []
  for (const unit of units) {
    const last = runs.at(-1)
    const both = typeof unit.insert === 'string' && typeof last?.insert === 'string'
    if (last && both && keyOf(last.attributes) === keyOf(unit.attributes)) {
      last.insert = `${last.insert}${unit.insert}`
      last.length += unit.length
    } else runs.push({ ...unit })
  }
  return runs
}

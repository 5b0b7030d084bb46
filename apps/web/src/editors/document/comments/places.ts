import type { Anchor } from '@realtime/contracts'
import type { Node } from '@tiptap/pm/model'
import type { EditorState, Transaction } from '@tiptap/pm/state'
import { bindingOf, type Range } from '../positions.ts'
import { heldPlace, placeOfAnchor } from './anchors.ts'

/** A thread that belongs to a piece of the text. */
export interface Marked {
  id: string
  anchor: Anchor
  /** Whether its text is highlighted. */
  shown: boolean
}

/** Where the texts of threads are. */
export interface Places {
  places: ReadonlyMap<string, Range>
  /** Those whose place is the last one known: they are looked for when others do not write for a moment. */
  unsure: ReadonlySet<string>
}

/** Looks for all of them: too slow for every letter that others write. */
export function placesIn(state: EditorState, doc: Node, marked: readonly Marked[], before: Places): Places {
  const binding = bindingOf(state)
  const places = new Map<string, Range>()
  for (const { id, anchor } of marked) {
    const place = binding && placeOfAnchor(binding, doc, anchor, before.places.get(id))
    if (place) places.set(id, place)
  }
  return { places, unsure: new Set() }
}

/**
 * After others wrote, which replaces the whole text: what is beside the change moves with it, and of what it touches only
 * Yjs knows where it is.
 */
export function placesAfter(
  state: EditorState,
  doc: Node,
  marked: readonly Marked[],
  active: string | null,
  before: Places,
): Places {
  const binding = bindingOf(state)
  const change = changeBetween(state.doc, doc)
  const places = new Map<string, Range>()
  const unsure = new Set<string>()
  for (const { id, anchor, shown } of marked) {
    const last = before.places.get(id)
    if (!last) continue
    const beside = besideOf(last, change)
    const sure = beside && !before.unsure.has(id) ? beside : null
    const held = sure ?? (binding && (shown || id === active) ? heldPlace(binding, doc, anchor) : null)
    const end = doc.content.size
    places.set(id, held ?? beside ?? { from: Math.min(last.from, end), to: Math.min(last.to, end) })
    if (!held) unsure.add(id)
  }
  return { places, unsure }
}

/** After oneself wrote. */
export function placesMapped({ places, unsure }: Places, { mapping }: Transaction): Places {
  const mapped = new Map<string, Range>()
  for (const [id, { from, to }] of places) {
    const place = { from: mapping.map(from, 1), to: mapping.map(to, -1) }
    if (place.from < place.to) mapped.set(id, place)
  }
  return { places: mapped, unsure }
}

interface Change {
  from: number
  /** Its end before. */
  to: number
  /** By how much what is behind it moves. */
  moved: number
}

function changeBetween(before: Node, after: Node): Change | null {
  const from = before.content.findDiffStart(after.content)
  const ends = before.content.findDiffEnd(after.content)
  if (from === null || ends === null) return null
  // Where letters repeat both may have found the same ones.
  const twice = Math.max(0, from - Math.min(ends.a, ends.b))
  return { from, to: ends.a + twice, moved: ends.b - ends.a }
}

function besideOf({ from, to }: Range, change: Change | null): Range | null {
  if (change === null || to < change.from) return { from, to }
  return from > change.to ? { from: from + change.moved, to: to + change.moved } : null
}

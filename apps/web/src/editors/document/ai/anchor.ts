import type { Slice } from '@tiptap/pm/model'
import type { EditorState } from '@tiptap/pm/state'
import * as Y from 'yjs'
import { absolute, bindingOf, type Range, relative, relativeRange } from '../positions.ts'

/** A range of the text, or a place in it, that stays where it is whatever others write meanwhile. */
export interface Anchor {
  start: Y.RelativePosition
  end: Y.RelativePosition
  /** What was there. */
  slice: Slice
  /** What had been written at that time: the clock of each client. */
  written: Map<number, number>
}

/** Anchors a range, or a place where both ends are one. Null before the editor is bound to its document. */
export function anchorAt(state: EditorState, { from, to }: Range): Anchor | null {
  const binding = bindingOf(state)
  if (!binding) return null
  const [start, end] = relativeRange(binding, state.doc, { from, to })
  return {
    start,
    end,
    slice: state.doc.slice(from, to),
    written: Y.decodeStateVector(Y.encodeStateVector(binding.doc)),
  }
}

/** Where an anchored range is now; null when the block that it was in is gone. */
export function placeOf(state: EditorState, anchor: Anchor): Range | null {
  const binding = bindingOf(state)
  if (!binding) return null
  const [start, end] = [absolute(binding, anchor.start), absolute(binding, anchor.end)]
  const size = state.doc.content.size
  if (start === null || end === null) {
    const one = start ?? end
    return one === null || one > size ? null : { from: one, to: one }
  }
  const from = Math.min(start, size)
  return { from, to: Math.max(from, Math.min(end, size)) }
}

/** Whether an anchored range is not any more what it was. */
export function isChanged(state: EditorState, anchor: Anchor): boolean {
  const place = placeOf(state, anchor)
  if (!place) return true
  return !state.doc.slice(place.from, place.to).content.eq(anchor.slice.content)
}

/** The parts of an anchored range that were there when it was anchored, in order; all else is newer. */
export function standing(state: EditorState, anchor: Anchor): Range[] {
  const binding = bindingOf(state)
  const place = placeOf(state, anchor)
  if (!binding || !place) return []
  const found: Range[] = []
  state.doc.nodesBetween(place.from, place.to, (node, position) => {
    if (!node.isText) return true
    const end = Math.min(place.to, position + node.nodeSize)
    for (let at = Math.max(place.from, position); at < end; at++) {
      const { item } = relative(binding, at + 1)
      if (!item || item.clock >= (anchor.written.get(item.client) ?? 0)) continue
      const last = found.at(-1)
      if (last?.to === at) last.to = at + 1
      else found.push({ from: at, to: at + 1 })
    }
    return false
  })
  return found
}

import type { Slice } from '@tiptap/pm/model'
import { AllSelection, type EditorState, Selection } from '@tiptap/pm/state'
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap'
import * as Y from 'yjs'

/** A range of the text, or a place in it, that stays where it is whatever others write meanwhile. */
export interface Anchor {
  start: Y.RelativePosition
  end: Y.RelativePosition
  /** What was there. */
  slice: Slice
  /** What had been written at that time: the clock of each client. */
  written: Map<number, number>
}

export interface Range {
  from: number
  to: number
}

interface Binding {
  doc: Y.Doc
  type: Y.XmlFragment
  mapping: Map<Y.AbstractType<unknown>, unknown>
}

function bindingOf(state: EditorState): Binding | null {
  const sync = ySyncPluginKey.getState(state) as
    | { doc: Y.Doc; type: Y.XmlFragment; binding: { mapping: Binding['mapping'] } | null }
    | undefined
  return sync?.binding ? { doc: sync.doc, type: sync.type, mapping: sync.binding.mapping } : null
}

/** What is selected, without the edges of blocks of which nothing is: a triple click reaches into the next one. */
export function selected({ doc, selection }: EditorState): Range {
  if (selection instanceof AllSelection) return { from: Selection.atStart(doc).from, to: Selection.atEnd(doc).to }
  const { from, to } = selection
  if (from === to) return { from, to }
  const [$from, $to] = [doc.resolve(from), doc.resolve(to)]
  const range = { from, to }
  if ($to.parent.isTextblock && $to.parentOffset === 0) range.to = Selection.near(doc.resolve($to.before()), -1).to
  if ($from.parent.isTextblock && $from.parentOffset === $from.parent.content.size)
    range.from = Selection.near(doc.resolve($from.after()), 1).from
  return range.from < range.to ? range : { from: to, to }
}

/** Anchors a range, or a place where both ends are one. Null before the editor is bound to its document. */
export function anchorAt(state: EditorState, { from, to }: Range): Anchor | null {
  const binding = bindingOf(state)
  if (!binding) return null
  // To the letters inside: what others write at either edge is not part of it.
  const letter = from < to && state.doc.resolve(from).nodeAfter?.isText ? relative(binding, from + 1) : null
  return {
    start: letter?.item ? new Y.RelativePosition(letter.type, letter.tname, letter.item, 0) : relative(binding, from),
    end: relative(binding, to),
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

function relative({ type, mapping }: Binding, position: number): Y.RelativePosition {
  return absolutePositionToRelativePosition(position, type, mapping as never) as Y.RelativePosition
}

function absolute({ doc, type, mapping }: Binding, position: Y.RelativePosition): number | null {
  const found = relativePositionToAbsolutePosition(doc, type, position, mapping as never)
  if (found !== null) return found
  // It takes the first place of a document for a mistake.
  const decoded = Y.createAbsolutePositionFromRelativePosition(position, doc)
  const first = decoded?.type.parent
  return decoded?.index === 0 && first && first === type.firstChild ? 1 : null
}

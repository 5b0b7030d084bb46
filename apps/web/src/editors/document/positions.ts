import type { Node } from '@tiptap/pm/model'
import { AllSelection, type EditorState, Selection } from '@tiptap/pm/state'
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap'
import * as Y from 'yjs'

/** A range of the text, in positions of the editor. */
export interface Range {
  from: number
  to: number
}

/** How the editor's text hangs together with the shared one. */
export interface Binding {
  doc: Y.Doc
  type: Y.XmlFragment
  mapping: Map<Y.AbstractType<unknown>, unknown>
}

/** The binding of an editor; null before it has one. */
export function bindingOf(state: EditorState): Binding | null {
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

/** A position that stays where it is whatever others write: behind the letter that is before it. */
export function relative({ type, mapping }: Binding, position: number): Y.RelativePosition {
  return absolutePositionToRelativePosition(position, type, mapping as never) as Y.RelativePosition
}

/** Both ends of a range, held by the letters inside: what others write at either edge is not part of it. */
export function relativeRange(
  binding: Binding,
  doc: Node,
  { from, to }: Range,
): [Y.RelativePosition, Y.RelativePosition] {
  const letter = from < to && doc.resolve(from).nodeAfter?.isText ? relative(binding, from + 1) : null
  const start = letter?.item
    ? new Y.RelativePosition(letter.type, letter.tname, letter.item, 0)
    : relative(binding, from)
  return [start, relative(binding, to)]
}

/** Where a relative position is now; null when the block that it was in is gone. */
export function absolute({ doc, type, mapping }: Binding, position: Y.RelativePosition): number | null {
  const found = relativePositionToAbsolutePosition(doc, type, position, mapping as never)
  if (found !== null) return found
  // It takes the first place of a document for a mistake.
  const decoded = Y.createAbsolutePositionFromRelativePosition(position, doc)
  const first = decoded?.type.parent
  return decoded?.index === 0 && first && first === type.firstChild ? 1 : null
}

import type { Editor } from '@tiptap/core'
import { type Fragment, type Node, Slice } from '@tiptap/pm/model'
import { TextSelection, type Transaction } from '@tiptap/pm/state'
import { Mapping } from '@tiptap/pm/transform'
import { yUndoPluginKey } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import type { Range } from '../positions.ts'
import { type Anchor, isChanged, placeOf, standing } from './anchor.ts'

/** `in-place`: instead of what is anchored, or at the place itself; `below`: after the block, which stays as it is. */
export type Where = 'in-place' | 'below'

/**
 * What became of an answer: `done`; `kept` where it took the place of a text that others had written into, whose words
 * stay; `elsewhere` where the place was gone and it stands at the end of the document.
 */
export type Accepted = 'done' | 'kept' | 'elsewhere'

/**
 * Puts the blocks of an answer into the document, as one step to undo. Only what stood there when the question was
 * asked gives way: what others wrote meanwhile stays.
 */
export function accept(editor: Editor, anchor: Anchor, answer: Node, where: Where): Accepted {
  const undo = (yUndoPluginKey.getState(editor.state) as { undoManager?: Y.UndoManager } | undefined)?.undoManager
  undo?.stopCapturing()
  const outcome = put(editor, anchor, answer.content, where)
  undo?.stopCapturing()
  return outcome
}

function put({ state, view }: Editor, anchor: Anchor, blocks: Fragment, where: Where): Accepted {
  const { tr } = state
  const show = (done: Transaction) => view.dispatch(done.scrollIntoView())
  const place = placeOf(state, anchor)
  if (!place) {
    show(insertAfter(tr, tr.doc.content.size, blocks))
    return 'elsewhere'
  }
  if (where === 'in-place' && anchor.slice.size > 0 && isChanged(state, anchor)) {
    const parts = standing(state, anchor)
    const size = parts.reduce((sum, { from, to }) => sum + to - from, 0)
    const kept = state.doc.textBetween(place.from, place.to).length > size
    const emptied = emptiedBy(state.doc, place, parts)
    const moved = new Mapping()
    // One by one: the binding sees what goes, and leaves the letters between with whoever is still writing there.
    for (const { from, to } of [...parts].reverse()) {
      const gone = view.state.tr.delete(from, to)
      moved.appendMapping(gone.mapping)
      view.dispatch(gone)
    }
    const left = emptied.map((position) => moved.map(position))
    show(insertKeeping(view.state.tr, place.from, left, blocks))
    return kept ? 'kept' : 'done'
  }
  if (where === 'below') show(insertBelow(tr, place.to, blocks))
  else if (anchor.slice.size > 0) show(replace(tr, place, blocks))
  else show(insertAt(tr, place.from, blocks))
  return 'done'
}

/** Puts blocks in place of a range, as pasting would. */
function replace(tr: Transaction, { from, to }: Range, blocks: Fragment): Transaction {
  const inline = inlineOf(blocks)
  const [$from, $to] = [tr.doc.resolve(from), tr.doc.resolve(to)]
  const before = tr.doc.content.size - to
  if (inline && $from.sameParent($to) && $from.parent.inlineContent) tr.replaceWith(from, to, inline)
  else tr.replaceRange(from, to, Slice.maxOpen(blocks))
  return caretAt(tr, tr.doc.content.size - before)
}

/** The blocks of which nothing is left without these parts. */
function emptiedBy(doc: Node, place: Range, parts: Range[]): number[] {
  const emptied: number[] = []
  doc.nodesBetween(place.from, place.to, (node, position) => {
    if (!node.isTextblock) return true
    const inside = parts.filter((part) => part.from > position && part.to < position + node.nodeSize)
    const size = inside.reduce((sum, part) => sum + part.to - part.from, 0)
    if (size > 0 && size === node.content.size) emptied.push(position)
    return false
  })
  return emptied
}

/** Puts blocks before what others wrote at a position, and takes emptied blocks away. */
function insertKeeping(tr: Transaction, at: number, emptied: number[], blocks: Fragment): Transaction {
  const inline = inlineOf(blocks)
  const $at = tr.doc.resolve(at)
  if (inline && $at.parent.inlineContent) {
    tr.insert(at, inline)
    const end = at + inline.size
    const next = tr.doc.resolve(end).nodeAfter
    if (next?.isText && !/^\s/.test(next.text ?? '')) tr.insertText(' ', end)
    caretAt(tr, end)
  } else if ($at.parent.isTextblock && $at.parentOffset > 0 && $at.parent.content.size > 0) insertBelow(tr, at, blocks)
  else insertBefore(tr, at, blocks)
  for (const position of [...emptied].reverse()) {
    const mapped = tr.mapping.map(position, 1)
    const node = tr.doc.nodeAt(mapped)
    // But for the one that the answer went into.
    if (node?.isTextblock && node.content.size === 0 && tr.doc.childCount > 1)
      tr.deleteRange(mapped, mapped + node.nodeSize)
  }
  return tr
}

/** Puts blocks at a caret: instead of an empty block, else after the one it is in. */
function insertAt(tr: Transaction, position: number, blocks: Fragment): Transaction {
  const $at = tr.doc.resolve(position)
  if (!$at.parent.isTextblock || $at.parent.content.size > 0) return insertBelow(tr, position, blocks)
  const after = tr.doc.content.size - $at.after()
  const index = $at.index(-1)
  if ($at.node(-1).canReplace(index, index + 1, blocks)) tr.replaceWith($at.before(), $at.after(), blocks)
  else tr.replaceRange(position, position, Slice.maxOpen(blocks))
  return caretAt(tr, tr.doc.content.size - after)
}

function insertBelow(tr: Transaction, position: number, blocks: Fragment): Transaction {
  const $at = tr.doc.resolve(position)
  return insertAfter(tr, $at.depth > 0 ? $at.after(1) : position, blocks)
}

function insertBefore(tr: Transaction, position: number, blocks: Fragment): Transaction {
  const $at = tr.doc.resolve(position)
  return insertAfter(tr, $at.depth > 0 ? $at.before(1) : position, blocks)
}

function insertAfter(tr: Transaction, position: number, blocks: Fragment): Transaction {
  tr.insert(position, blocks)
  return caretAt(tr, position + blocks.size)
}

function caretAt(tr: Transaction, position: number): Transaction {
  return tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(position, tr.doc.content.size)), -1))
}

/** The text of blocks that are one paragraph. */
function inlineOf(blocks: Fragment): Fragment | null {
  const only = blocks.childCount === 1 ? blocks.firstChild : null
  return only?.type.name === 'paragraph' ? only.content : null
}

import type { Anchor } from '@realtime/contracts'
import type { Node } from '@tiptap/pm/model'
import type { EditorState } from '@tiptap/pm/state'
import * as Y from 'yjs'
import { absolute, type Binding, bindingOf, type Range, relativeRange, selected } from '../positions.ts'

/** Characters of a quote. */
const QUOTE = 500
/** From how many characters on a quote that stands once in a text can only be that one. */
const TELLING = 12

/** Anchors what is selected; null when no text is, or before the editor is bound to its document. */
export function anchorOfSelection(state: EditorState): Anchor | null {
  const range = selected(state)
  const binding = bindingOf(state)
  // Half a character is none.
  const quote = textOf(state.doc, range)
    .slice(0, QUOTE)
    .replace(/[\uD800-\uDBFF]$/, '')
  if (!binding || quote.trim() === '') return null
  const [from, to] = relativeRange(binding, state.doc, range)
  return { from: encoded(from), to: encoded(to), quote }
}

/**
 * Where an anchored text is now; null when it is gone. A text that was moved, or whose block was divided or made into
 * another, is written anew for Yjs: it is found again by its words where those can mean no other. `last` is where it was
 * last: Yjs forgets that of what is gone.
 */
export function placeOfAnchor(binding: Binding, doc: Node, anchor: Anchor, last?: Range): Range | null {
  const held = heldPlace(binding, doc, anchor)
  if (held) return held
  const near = resolved(binding, doc, anchor.from) ?? resolved(binding, doc, anchor.to) ?? last?.from ?? null
  return findQuote(doc, anchor.quote, near === null ? null : Math.min(near, doc.content.size))
}

/** Where an anchored text is now as far as Yjs knows; null also for one that is written anew. */
export function heldPlace(binding: Binding, doc: Node, anchor: Anchor): Range | null {
  const [from, to] = [resolved(binding, doc, anchor.from), resolved(binding, doc, anchor.to)]
  if (from === null || to === null || from >= to) return null
  return textOf(doc, { from, to }).trim() === '' ? null : { from, to }
}

function textOf(doc: Node, { from, to }: Range): string {
  return doc.textBetween(from, to, '\n', '\n')
}

function resolved(binding: Binding, doc: Node, position: string): number | null {
  try {
    const bytes = Uint8Array.from(atob(position.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
    const found = absolute(binding, Y.decodeRelativePosition(bytes))
    return found === null ? null : Math.min(found, doc.content.size)
  } catch {
    // Whatever somebody's program took for a position.
    return null
  }
}

function encoded(position: Y.RelativePosition): string {
  return btoa(String.fromCharCode(...Y.encodeRelativePosition(position)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}

function findQuote(doc: Node, quote: string, near: number | null): Range | null {
  const { text, at } = lettersOf(doc)
  const found: Range[] = []
  for (let index = text.indexOf(quote); index >= 0; index = text.indexOf(quote, index + 1)) {
    const [from, last] = [at[index], at[index + quote.length - 1]]
    if (from !== undefined && last !== undefined) found.push({ from, to: last + 1 })
  }
  if (found.length === 1 && quote.length >= TELLING) return found[0] ?? null
  if (near === null) return null
  const block = (position: number) => doc.resolve(position).index(0)
  const beside = found.filter(({ from }) => Math.abs(block(from) - block(near)) <= 1)
  return beside.length === 1 ? (beside[0] ?? null) : null
}

interface Letters {
  text: string
  /** The position of each letter. */
  at: number[]
}

const known = new WeakMap<Node, Letters>()

/** The text of a document as quotes have it, and where each of its letters is. */
function lettersOf(doc: Node): Letters {
  const before = known.get(doc)
  if (before) return before
  const letters: Letters = { text: '', at: [] }
  doc.descendants((node, position) => {
    const words = node.isText ? (node.text ?? '') : node.isLeaf ? '\n' : ''
    const begins = node.isTextblock || (node.isBlock && node.isLeaf)
    if (begins && letters.text !== '') add('\n', position)
    for (let index = 0; index < words.length; index++) add(words[index] ?? '', position + index)
  })
  function add(letter: string, position: number): void {
    letters.text += letter
    letters.at.push(position)
  }
  known.set(doc, letters)
  return letters
}

import * as Y from 'yjs'
import type { DeckElement } from './deck.ts'
import { readElement } from './read.ts'
import { type TextJson, textFromJson, textToJson } from './text-content.ts'

/** An element as plain data, for clipboards and copies; `order` and `id` are its place, and stay behind. */
export type ElementCopy = Record<string, unknown> & { type: DeckElement['type'] }

/** An element as plain data. */
export function copyElement(element: DeckElement): ElementCopy {
  const { id: _id, order: _order, ...rest } = element
  return 'text' in rest ? { ...rest, text: textToJson(rest.text) } : rest
}

/** A map of an element that is not part of a document yet. */
export function elementMap(fields: Record<string, unknown>, order: string): Y.Map<unknown> {
  const { text, ...rest } = fields
  const map = new Y.Map<unknown>(Object.entries({ ...rest, order }))
  if (rest.type === 'text' || rest.type === 'shape')
    map.set('text', typeof text === 'string' ? textFromJson(linesOf(text)) : textFromJson(text))
  return map
}

/** Reads copies of whatever origin; what is none is left out, and every value is as a reader of decks has it. */
export function readCopies(value: unknown, most = 500): ElementCopy[] {
  if (!Array.isArray(value)) return []
  // Read as it would be in a document: the reader is the one judge of what an element is.
  const doc = new Y.Doc()
  const scratch = doc.getMap('copies')
  const copies = value.slice(0, most).flatMap((fields, index) => {
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return []
    try {
      scratch.set(String(index), elementMap(fields as Record<string, unknown>, ''))
    } catch {
      return []
    }
    const element = readElement(String(index), scratch.get(String(index)))
    return element ? [copyElement(element)] : []
  })
  doc.destroy()
  return copies
}

function linesOf(text: string): TextJson[] {
  return text.split(/\r\n|\r|\n/).map((insert) => ({
    name: 'paragraph',
    attributes: {},
    content: [{ delta: [{ insert }] }],
  }))
}

import * as Y from 'yjs'
import { readLink } from './rich-text.ts'
import { readColor } from './themes.ts'

// Making text of boxes and notes; `rich-text.ts` says of what it is made, and reads it.

/** What may stand in what; '' is the box itself, `#text` is text. */
const content: Record<string, readonly string[]> = {
  '': ['paragraph', 'bulletList', 'orderedList'],
  paragraph: ['#text', 'hardBreak'],
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: ['paragraph', 'bulletList', 'orderedList'],
  hardBreak: [],
}

/** Deeper than this nobody writes, and nothing is read or copied. */
const DEEPEST = 40

/** Text as plain data, for clipboards. */
export type TextJson = { name: string; attributes: Record<string, unknown>; content: TextJson[] } | { delta: unknown[] }

/** Text as paragraphs, a line each; at least one, with its own text inside, so that two first typists share it. */
export function paragraphs(text: string): Y.XmlElement[] {
  return text.split(/\r\n|\r|\n/).map((line) => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(line)])
    return paragraph
  })
}

/** A new fragment with `text` in it. */
export function richText(text = ''): Y.XmlFragment {
  const fragment = new Y.XmlFragment()
  fragment.insert(0, paragraphs(text))
  return fragment
}

/** Text as plain data, of what `textFromJson` knows alone: a peer may have written what JSON has no word for. */
export function textToJson(fragment: Y.XmlFragment | null): TextJson[] {
  return fragment ? fragment.toArray().flatMap((node) => nodeToJson(node, 0)) : []
}

/** A new fragment of plain data, of whatever origin; what has no place in a box is left out. */
export function textFromJson(json: unknown): Y.XmlFragment {
  const blocks = contentFromJson('', json, 0)
  if (blocks.length === 0) return richText()
  const fragment = new Y.XmlFragment()
  fragment.insert(0, blocks)
  return fragment
}

function nodeToJson(node: unknown, depth: number): TextJson[] {
  if (node instanceof Y.XmlText) {
    const delta = node.toDelta() as unknown[]
    return [{ delta: delta.filter((part) => typeof fieldOf(part, 'insert') === 'string') }]
  }
  if (!(node instanceof Y.XmlElement) || depth > DEEPEST) return []
  const content = node.toArray().flatMap((child) => nodeToJson(child, depth + 1))
  const start: unknown = node.getAttribute('start')
  return [{ name: node.nodeName, attributes: Number.isInteger(start) ? { start } : {}, content }]
}

function contentFromJson(parent: string, json: unknown, depth: number): (Y.XmlElement | Y.XmlText)[] {
  if (!Array.isArray(json) || depth > DEEPEST) return []
  return json.flatMap((one: unknown): (Y.XmlElement | Y.XmlText)[] => {
    if (typeof one !== 'object' || one === null) return []
    const { delta, name, attributes, content: inner } = one as Record<string, unknown>
    if (Array.isArray(delta)) return content[parent]?.includes('#text') ? [textOf(delta)] : []
    if (typeof name !== 'string' || !content[parent]?.includes(name)) return []
    const children = contentFromJson(name, inner, depth + 1)
    if (name === 'paragraph' && children.length === 0) children.push(new Y.XmlText())
    // An item begins with a paragraph, and no list is empty.
    const first = children[0]
    if (name === 'listItem' && !(first instanceof Y.XmlElement && first.nodeName === 'paragraph'))
      children.unshift(...paragraphs(''))
    if (/List$/.test(name) && children.length === 0) return []
    const element = new Y.XmlElement(name)
    const start = fieldOf(attributes, 'start')
    if (name === 'orderedList' && Number.isInteger(start)) element.setAttribute('start', start as string)
    if (children.length > 0) element.insert(0, children)
    return [element]
  })
}

function textOf(delta: unknown[]): Y.XmlText {
  const text = new Y.XmlText()
  const parts = delta.flatMap((part) => {
    const insert = fieldOf(part, 'insert')
    return typeof insert === 'string' && insert !== ''
      ? [{ insert, attributes: marksOf(fieldOf(part, 'attributes')) }]
      : []
  })
  if (parts.length > 0) text.applyDelta(parts)
  return text
}

function marksOf(attributes: unknown): Record<string, unknown> {
  const marks: Record<string, unknown> = {}
  for (const name of ['bold', 'italic', 'underline', 'strike']) if (fieldOf(attributes, name)) marks[name] = {}
  const href = readLink(fieldOf(fieldOf(attributes, 'link'), 'href'))
  if (href) marks.link = { href }
  const color = readColor(fieldOf(fieldOf(attributes, 'textStyle'), 'color'))
  if (color) marks.textStyle = { color }
  return marks
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

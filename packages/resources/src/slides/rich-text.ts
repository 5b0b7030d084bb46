import * as Y from 'yjs'
import type { DeckColor } from './deck.ts'
import { readColor } from './themes.ts'

/** Text of one format. A line break within a paragraph is `\n`. */
export interface TextRun {
  text: string
  bold: boolean
  italic: boolean
  underline: boolean
  strike: boolean
  /** An http, https or mailto address. */
  link: string | null
  /** Null: the color of the box. */
  color: DeckColor
}

/** A paragraph of a box or of notes. */
export interface TextBlock {
  /** Null outside of lists; `number` is null where a paragraph goes on in the item of the one before it. */
  list: { ordered: boolean; depth: number; number: number | null } | null
  runs: TextRun[]
}

const DEEPEST = 8
const LONGEST_LINK = 2_000

/**
 * Reads the text of a box: paragraphs, `bulletList` and `orderedList` of `listItem`, `hardBreak`, and the marks bold,
 * italic, underline, strike, link {href} and textStyle {color}. What is unknown is left out; text in it is kept.
 */
export function readRichText(fragment: Y.XmlFragment | null): TextBlock[] {
  const blocks: TextBlock[] = []
  if (fragment) for (const node of fragment.toArray()) readBlock(node, null, 0, blocks)
  return blocks
}

/** The plain text of a box, a line a paragraph. */
export function plainText(fragment: Y.XmlFragment | null): string {
  return readRichText(fragment)
    .map((block) => block.runs.map((run) => run.text).join(''))
    .join('\n')
}

/** Whether a box holds nothing to see. */
export function isBlank(fragment: Y.XmlFragment | null): boolean {
  return readRichText(fragment).every((block) => block.list === null && block.runs.every((run) => run.text === ''))
}

function readBlock(node: unknown, list: TextBlock['list'], level: number, blocks: TextBlock[]): void {
  if (node instanceof Y.XmlText) {
    blocks.push({ list, runs: runsOf(node) })
    return
  }
  if (!(node instanceof Y.XmlElement) || level > 4 * DEEPEST) return
  if (node.nodeName === 'bulletList' || node.nodeName === 'orderedList') {
    readList(node, list, level, blocks)
    return
  }
  const children = node.toArray()
  if (children.some((child) => child instanceof Y.XmlElement && child.nodeName !== 'hardBreak')) {
    for (const child of children) readBlock(child, list, level + 1, blocks)
    return
  }
  const runs = children.flatMap((child) => (child instanceof Y.XmlText ? runsOf(child) : [plainRun('\n')]))
  blocks.push({ list, runs })
}

function readList(node: Y.XmlElement, parent: TextBlock['list'], level: number, blocks: TextBlock[]): void {
  const ordered = node.nodeName === 'orderedList'
  const start: unknown = node.getAttribute('start')
  const first = typeof start === 'number' && Number.isInteger(start) && Math.abs(start) < 1e6 ? start : 1
  const depth = Math.min(parent ? parent.depth + 1 : 0, DEEPEST)
  let number = first
  for (const item of node.toArray()) {
    const from = blocks.length
    const inner = { ordered, depth, number: null }
    if (item instanceof Y.XmlElement) for (const child of item.toArray()) readBlock(child, inner, level + 2, blocks)
    const begin = blocks[from]
    if (begin?.list?.depth === depth) begin.list = { ...inner, number: number++ }
  }
}

function runsOf(text: Y.XmlText): TextRun[] {
  const delta = text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]
  return delta.flatMap(({ insert, attributes = {} }) => {
    if (typeof insert !== 'string') return []
    const has = (mark: string) => attributes[mark] !== undefined && attributes[mark] !== null
    return [
      {
        text: insert,
        bold: has('bold'),
        italic: has('italic'),
        underline: has('underline'),
        strike: has('strike'),
        link: readLink(partOf(attributes.link, 'href')),
        color: readColor(partOf(attributes.textStyle, 'color')) ?? null,
      },
    ]
  })
}

/** Reads the address of a link; any but http, https and mailto is none. */
export function readLink(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > LONGEST_LINK) return null
  return /^(https?:\/\/|mailto:)/i.test(value) && !/[\p{Cc}\s]/u.test(value) ? value : null
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

function plainRun(text: string): TextRun {
  return { text, bold: false, italic: false, underline: false, strike: false, link: null, color: null }
}

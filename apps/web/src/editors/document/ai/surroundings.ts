import { AI_TEXT_BYTES, type AiBlock } from '@realtime/contracts'
import type { Editor } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { writeMarkdown } from '../markdown.ts'
import type { Range } from '../positions.ts'

/** How much of the document goes along, in bytes: what stands before matters more. */
const NEAR = { before: 24_000, after: 12_000 }
const BLOCK_CHARACTERS = 4_000
const BLOCKS = 200

/** What a question says of the document. */
export interface Surroundings {
  selection?: string
  before: AiBlock[]
  after: AiBlock[]
}

/**
 * The selected blocks as Markdown, and the blocks around a range, nearest first chosen and in the order of the
 * document; with `whole`, as much as one may send. `spent` bytes are needed for other things.
 */
export function surroundingsOf(editor: Editor, { from, to }: Range, whole: boolean, spent: number): Surroundings {
  const { doc } = editor.state
  const selection = from < to ? markdownOf(editor, doc, from, to) : undefined
  const left = Math.max(0, AI_TEXT_BYTES - 1_000 - spent - bytesOf(selection ?? ''))
  const room = whole ? { before: left * 0.75, after: left * 0.25 } : NEAR
  const before: AiBlock[] = []
  const after: AiBlock[] = []
  doc.forEach((node, offset) => {
    const end = offset + node.nodeSize
    if (offset < from) before.push(blockOf(node, doc.textBetween(offset, Math.min(end, from), '\n')))
    if (end > to) after.push(blockOf(node, doc.textBetween(Math.max(offset, to), end, '\n')))
  })
  return {
    ...(selection === undefined ? {} : { selection }),
    before: within(before.reverse(), Math.min(room.before, left * 0.7)).reverse(),
    after: within(after, Math.min(room.after, left * 0.3)),
  }
}

function blockOf(node: Node, text: string): AiBlock {
  return { type: node.type.name, text: text.slice(0, BLOCK_CHARACTERS) }
}

/** The first blocks that have text, as many as there is room for. */
function within(blocks: AiBlock[], bytes: number): AiBlock[] {
  let left = bytes
  const found: AiBlock[] = []
  for (const block of blocks) {
    if (block.text.trim() === '') continue
    left -= bytesOf(block.text)
    if (left < 0 || found.length === BLOCKS) break
    found.push(block)
  }
  return found
}

function markdownOf(editor: Editor, doc: Node, from: number, to: number): string {
  const part = doc.cut(from, to)
  const plain = doc.textBetween(from, to, '\n\n')
  return writeMarkdown(editor, part.toJSON()) || plain
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

import type { Editor, Range } from '@tiptap/core'
import {
  Code,
  Heading1,
  Heading2,
  Heading3,
  List,
  ListOrdered,
  ListTodo,
  type LucideIcon,
  Minus,
  Pilcrow,
  Quote,
} from 'lucide-react'
import { inSlashMenu } from './ai/choices.ts'

/** A block that the slash menu offers. */
export interface Block {
  title: string
  /** What else it is found by. */
  words: string
  /** What to type instead. */
  shortcut: string
  icon: LucideIcon
  run(editor: Editor, range: Range): void
  /** It is written by AI. */
  ai?: boolean
}

const at = (editor: Editor, range: Range) => editor.chain().focus().deleteRange(range)

export const blocks: Block[] = [
  {
    title: 'Text',
    words: 'paragraph plain',
    shortcut: '',
    icon: Pilcrow,
    run: (editor, range) => at(editor, range).setNode('paragraph').run(),
  },
  {
    title: 'Heading 1',
    words: 'h1 title large',
    shortcut: '#',
    icon: Heading1,
    run: (editor, range) => at(editor, range).setNode('heading', { level: 1 }).run(),
  },
  {
    title: 'Heading 2',
    words: 'h2 subtitle medium',
    shortcut: '##',
    icon: Heading2,
    run: (editor, range) => at(editor, range).setNode('heading', { level: 2 }).run(),
  },
  {
    title: 'Heading 3',
    words: 'h3 small',
    shortcut: '###',
    icon: Heading3,
    run: (editor, range) => at(editor, range).setNode('heading', { level: 3 }).run(),
  },
  {
    title: 'Bulleted list',
    words: 'ul unordered points',
    shortcut: '-',
    icon: List,
    run: (editor, range) => at(editor, range).toggleBulletList().run(),
  },
  {
    title: 'Numbered list',
    words: 'ol ordered',
    shortcut: '1.',
    icon: ListOrdered,
    run: (editor, range) => at(editor, range).toggleOrderedList().run(),
  },
  {
    title: 'Task list',
    words: 'todo checkbox checklist',
    shortcut: '[]',
    icon: ListTodo,
    run: (editor, range) => at(editor, range).toggleTaskList().run(),
  },
  {
    title: 'Quote',
    words: 'blockquote citation',
    shortcut: '>',
    icon: Quote,
    run: (editor, range) => at(editor, range).toggleBlockquote().run(),
  },
  {
    title: 'Code block',
    words: 'pre program snippet',
    shortcut: '```',
    icon: Code,
    run: (editor, range) => at(editor, range).toggleCodeBlock().run(),
  },
  {
    title: 'Divider',
    words: 'hr horizontal rule line separator',
    shortcut: '---',
    icon: Minus,
    run: (editor, range) => at(editor, range).setHorizontalRule().run(),
  },
]

const byAi: Block[] = inSlashMenu.map(({ title, words, icon, choice }) => ({
  title,
  words,
  icon,
  shortcut: '',
  ai: true,
  run(editor, range) {
    at(editor, range).run()
    editor.storage.askAi.open?.(choice)
  },
}))

/**
 * The blocks that a query finds, those whose title begins with it first. What AI writes leads where it is switched on,
 * and is left out (null) for whom it is not.
 */
export function findBlocks(query: string, ai: boolean | null = false): Block[] {
  const text = query.toLowerCase()
  const all = ai === null ? blocks : ai ? [...byAi, ...blocks] : [...blocks, ...byAi]
  const found = all.filter((block) => `${block.title} ${block.words}`.toLowerCase().includes(text))
  const begins = (block: Block) => block.title.toLowerCase().startsWith(text)
  return [...found.filter(begins), ...found.filter((block) => !begins(block))]
}

import { Extension, type JSONContent } from '@tiptap/core'
import { MarkdownManager } from '@tiptap/markdown'
import type { Node } from '@tiptap/pm/model'
import type { Editor } from '@tiptap/react'

/** Documents have no images: one stays as its words and its address, and is never fetched. */
const ImagesAsText = Extension.create({
  name: 'imagesAsText',
  markdownTokenName: 'image',
  parseMarkdown(token) {
    const [alt, address] = [String(token.text ?? '').trim(), String(token.href ?? '').trim()]
    return { type: 'text', text: [alt, address && (alt ? `(${address})` : address)].filter(Boolean).join(' ') || '!' }
  },
})

/** Documents have no tables: one stays as it was written, in columns. */
const TablesAsText = Extension.create({
  name: 'tablesAsText',
  markdownTokenName: 'table',
  parseMarkdown: (token) => ({
    type: 'codeBlock',
    content: [{ type: 'text', text: String(token.raw ?? '').trim() || '|' }],
  }),
})

interface Managers {
  /** Takes HTML in the text for the formats that a document has. */
  html: MarkdownManager
  /** Takes HTML for words like others. */
  plain: MarkdownManager
}

const managers = new WeakMap<Editor, Managers>()

function managersOf(editor: Editor): Managers {
  const known = managers.get(editor)
  if (known) return known
  const extensions = [...editor.extensionManager.baseExtensions, ImagesAsText, TablesAsText]
  const html = new MarkdownManager({ extensions })
  const made = { html, plain: new MarkdownManager({ extensions, marked: withoutHtml(html.instance) }) }
  managers.set(editor, made)
  return made
}

type Marked = MarkdownManager['instance']

/** The same Markdown, without HTML in it: nothing of the text is ever handed to a parser of pages. */
function withoutHtml(marked: Marked): Marked {
  class Tokenizer extends marked.Tokenizer {
    override html = () => undefined
    override tag = () => undefined
  }
  class Lexer extends marked.Lexer {
    constructor(options: ConstructorParameters<Marked['Lexer']>[0]) {
      super({ ...options, tokenizer: new Tokenizer() } as never)
    }
  }
  return new Proxy(marked, { get: (target, name) => (name === 'Lexer' ? Lexer : Reflect.get(target, name)) })
}

/** Reads Markdown as a whole document of the editor's schema; null where there is something that it cannot hold. */
export function readMarkdown(editor: Editor, text: string, html: keyof Managers): Node | null {
  try {
    const parsed = editor.schema.nodeFromJSON(known(managersOf(editor)[html].parse(text)))
    parsed.check()
    return parsed.content.size > 0 ? parsed : null
  } catch {
    return null
  }
}

/** Writes a document or a part of one as Markdown; null where that is not possible. */
export function writeMarkdown(editor: Editor, content: JSONContent): string | null {
  try {
    return managersOf(editor).html.serialize(content)
  } catch {
    return null
  }
}

/** With what a document has: headings below the third level become ones of the third; links only to places one may go to. */
function known(node: JSONContent): JSONContent {
  const level = node.type === 'heading' ? { attrs: { ...node.attrs, level: Math.min(3, node.attrs?.level ?? 1) } } : {}
  const marks = node.marks
    ? { marks: node.marks.filter((mark) => mark.type !== 'link' || isAddress(mark.attrs?.href)) }
    : {}
  return { ...node, ...level, ...marks, ...(node.content ? { content: node.content.map(known) } : {}) }
}

function isAddress(href: unknown): boolean {
  return typeof href === 'string' && /^(https?:|mailto:|tel:|[/#])/i.test(href.trim())
}

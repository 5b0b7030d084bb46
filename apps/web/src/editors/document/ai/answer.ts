import type { Editor } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { readMarkdown } from '../markdown.ts'

/** The document that an answer stands for; what is not Markdown is paragraphs. Null without any text. */
export function readAnswer(editor: Editor, text: string): Node | null {
  const bare = withoutFence(text).trim()
  if (bare === '') return null
  return readMarkdown(editor, bare, 'plain') ?? paragraphsOf(editor, bare)
}

/** Models like to put a whole answer between fences, though they are told not to. */
function withoutFence(text: string): string {
  const inner = text.replace(/^\s*```(?:markdown|md)[ \t]*\n/, '')
  return inner === text ? text : inner.replace(/(?:^|\n)```\s*$/, '')
}

function paragraphsOf({ schema }: Editor, text: string): Node | null {
  const { doc, paragraph } = schema.nodes
  const lines = text.split(/\n+/).filter((line) => line.trim() !== '')
  return doc && paragraph
    ? doc.create(
        null,
        lines.map((line) => paragraph.create(null, schema.text(line))),
      )
    : null
}

import { Extension } from '@tiptap/core'
import { Slice } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { readMarkdown } from './markdown.ts'

/** A line that only somebody who means Markdown begins so: heading, list, quote, fence or rule. */
const sign = /^ {0,3}(#{1,6} \S|[-*+] \S|\d{1,9}[.)] \S|> \S|```|~~~|(-{3,}|\*{3,})$)/m

/** Whether plain text is to be read as Markdown when it is pasted. */
export function isMarkdown(text: string): boolean {
  return sign.test(text)
}

/** Plain text that reads as Markdown is pasted as the blocks it stands for; with Shift held, as it is. */
export const MarkdownPaste = Extension.create({
  name: 'markdownPaste',
  addProseMirrorPlugins() {
    const { editor } = this
    return [
      new Plugin({
        key: new PluginKey('markdownPaste'),
        props: {
          // Returning null leaves the text to the editor's own way. Code blocks never ask.
          clipboardTextParser(text, _context, plain) {
            const parsed = plain || !isMarkdown(text) ? null : readMarkdown(editor, text, 'html')
            // Something in it that a document does not have: the text itself is better than nothing.
            return parsed ? Slice.maxOpen(parsed.content) : (null as unknown as Slice)
          },
        },
      }),
    ]
  },
})

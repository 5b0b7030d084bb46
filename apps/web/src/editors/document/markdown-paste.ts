import { Extension, type JSONContent } from '@tiptap/core'
import { MarkdownManager } from '@tiptap/markdown'
import { Slice } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'

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
    let manager: MarkdownManager | undefined
    return [
      new Plugin({
        key: new PluginKey('markdownPaste'),
        props: {
          // Returning null leaves the text to the editor's own way. Code blocks never ask.
          clipboardTextParser(text, _context, plain) {
            const none = null as unknown as Slice
            if (plain || !isMarkdown(text)) return none
            try {
              manager ??= new MarkdownManager({ extensions: editor.extensionManager.baseExtensions })
              const parsed = editor.schema.nodeFromJSON(withKnownHeadings(manager.parse(text)))
              parsed.check()
              return parsed.content.size > 0 ? Slice.maxOpen(parsed.content) : none
            } catch {
              // Something in it that a document does not have: the text itself is better than nothing.
              return none
            }
          },
        },
      }),
    ]
  },
})

/** Headings below the third level become ones of the third. */
function withKnownHeadings(node: JSONContent): JSONContent {
  const level = node.type === 'heading' ? { attrs: { ...node.attrs, level: Math.min(3, node.attrs?.level ?? 1) } } : {}
  return { ...node, ...level, ...(node.content ? { content: node.content.map(withKnownHeadings) } : {}) }
}

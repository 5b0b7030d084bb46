import { documentFragment } from '@realtime/resources'
import { Editor, type JSONContent } from '@tiptap/core'
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import { Awareness } from 'y-protocols/awareness'
import type { FileSource } from '../editors.ts'
import { extensionsOf } from './extensions.ts'
import { writeMarkdown } from './markdown.ts'

/** A document as Markdown. @throws Error when it holds something that cannot be written so */
export async function markdownFile({ doc, title }: FileSource): Promise<Blob> {
  const awareness = new Awareness(doc)
  // Nowhere on the page: it knows the schema, and content is read past it.
  const editor = new Editor({ element: null, extensions: extensionsOf(doc, awareness), editable: false })
  try {
    const content = yXmlFragmentToProsemirrorJSON(doc.getXmlFragment(documentFragment)) as JSONContent
    const text = writeMarkdown(editor, content)
    if (text === null) throw new Error('It holds something that Markdown cannot.')
    const heading = title ? `# ${title}\n\n` : ''
    return new Blob([`${heading}${text.trim()}\n`], { type: 'text/markdown;charset=utf-8' })
  } finally {
    editor.destroy()
    awareness.destroy()
  }
}

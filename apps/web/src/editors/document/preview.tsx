'use client'
import { EditorContent, useEditor } from '@tiptap/react'
import { useState } from 'react'
import { Awareness } from 'y-protocols/awareness'
import type { PreviewProps } from '../editors.ts'
import './content.css'
import { extensionsOf } from './extensions.ts'

/** A document as it was, to read and to copy from. */
export function DocumentPreview({ doc }: PreviewProps) {
  const [awareness] = useState(() => new Awareness(doc))
  const editor = useEditor(
    {
      extensions: extensionsOf(doc, awareness),
      editable: false,
      immediatelyRender: false,
      editorProps: { attributes: { class: 'content', 'aria-label': 'Content', 'data-testid': 'preview' } },
    },
    [doc, awareness],
  )
  return (
    <div className="mt-5 flex flex-1 flex-col">
      <EditorContent editor={editor} />
    </div>
  )
}

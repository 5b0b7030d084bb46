'use client'
import { TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { type Editor, EditorContent, useEditor } from '@tiptap/react'
import { useEffect, useImperativeHandle, useRef } from 'react'
import type { EditorProps } from '../editors.ts'
import { Ai } from './ai/index.tsx'
import { Bubble } from './bubble.tsx'
import './content.css'
import './comments/comments.css'
import { useCommentsOfText } from '../../comments/context.ts'
import { useVisit } from '../../visiting/visit-context.ts'
import { useHighlights } from './comments/use-highlights.ts'
import { extensionsOf } from './extensions.ts'
import { Handle } from './handle.tsx'

/** The editor of text documents: Tiptap on the shared fragment. */
export function DocumentEditor({ documentId, doc, awareness, editable, ref }: EditorProps) {
  const frame = useRef<HTMLDivElement>(null)
  const visit = useVisit()
  const editor = useEditor(
    {
      extensions: extensionsOf(doc, awareness),
      editable,
      immediatelyRender: false,
      shouldRerenderOnTransaction: false,
      editorProps: {
        attributes: {
          class: 'content',
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': 'Content',
          'data-testid': 'editor',
        },
        handleClick: openLink,
      },
    },
    [doc, awareness],
  )
  useEffect(() => {
    // No `update` event: nothing in the content changed.
    if (editor && editor.isEditable !== editable) editor.setEditable(editable, false)
    editor?.view.dom.setAttribute('aria-readonly', String(!editable))
  }, [editor, editable])
  useHighlights(editor)
  const mayComment = useCommentsOfText() !== null
  useImperativeHandle(
    ref,
    () => ({
      focusStart() {
        if (!editor) return
        editor.commands.setTextSelection(1)
        // At once: the focus command waits for a frame, and keys typed meanwhile would go astray.
        editor.view.focus()
      },
    }),
    [editor],
  )

  return (
    <div ref={frame} className="relative mt-5 flex flex-1 flex-col">
      <EditorContent editor={editor} />
      {editor && (editable || mayComment) ? <Bubble editor={editor} /> : null}
      {editor && editable ? <Handle editor={editor} /> : null}
      {editor && !visit ? <Ai editor={editor} documentId={documentId} editable={editable} frame={frame} /> : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the pointer; keys reach the end anyway */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      <div className="min-h-[32vh] flex-1 cursor-text" onClick={() => editor && editable && continueBelow(editor)} />
    </div>
  )
}

/** Puts the caret into the last empty paragraph, making one where there is none. */
function continueBelow(editor: Editor): void {
  const last = editor.state.doc.lastChild
  if (last?.type.name === 'paragraph' && last.childCount === 0) editor.commands.focus('end')
  else {
    const end = editor.state.doc.content.size
    editor.chain().insertContentAt(end, { type: 'paragraph' }, { updateSelection: false }).focus('end').run()
  }
}

/** Opens a link with Ctrl or Cmd held; a plain click places the caret. */
function openLink(view: EditorView, _position: number, event: MouseEvent): boolean {
  if (!(event.metaKey || event.ctrlKey) || !view.editable) return false
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link?.href || !(view.state.selection instanceof TextSelection)) return false
  window.open(link.href, '_blank', 'noopener,noreferrer')
  return true
}

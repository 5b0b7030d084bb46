'use client'
import { promptOf, type ShapeElement, setGeometry, type TextElement } from '@realtime/resources'
import { isChangeOrigin } from '@tiptap/extension-collaboration'
import { AllSelection, Selection, type Transaction } from '@tiptap/pm/state'
import { EditorContent, useEditor } from '@tiptap/react'
import { useEffect, useEffectEvent } from 'react'
import '../../document/content.css'
import { type Studio, useStudio, type WritingStart } from '../studio/studio.ts'
import { EDIT, undoOf } from '../studio/undo.ts'
import { textExtensions } from './extensions.ts'
import './text.css'

/** What was written at the beginning is not written again when the editor is mounted anew. */
const begun = new WeakSet<object>()

/** The text of an element while it is written, in the place where it is read otherwise. */
export function BoxEditor({ element }: { element: TextElement | ShapeElement }) {
  const { doc, awareness, slide, writing, setEditor, leave } = useStudio()
  const { text, type } = element
  const prompt = type === 'text' ? promptOf(slide?.layout ?? '', element.role) : ''
  const editor = useEditor(
    {
      extensions: textExtensions({ fragment: text, doc, undo: undoOf(doc), awareness, prompt }),
      immediatelyRender: true,
      shouldRerenderOnTransaction: false,
      editorProps: {
        attributes: {
          class: 'slide-text slide-writing',
          'data-font': element.font,
          'data-testid': 'slide-text',
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': prompt || 'Text of the shape',
        },
      },
    },
    [text, doc, awareness],
  )
  const begin = useEffectEvent(() => {
    if (!writing) return
    place(editor, writing.start)
    if (begun.has(writing.start)) return
    begun.add(writing.start)
    writing.start.first?.(editor)
  })
  useEffect(() => {
    setEditor(editor)
    begin()
    return () => setEditor(null)
  }, [editor, setEditor])
  // A text box grows with what is written in it; boxes of layouts and shapes keep their sizes.
  const grown = useEffectEvent(() => {
    const height = Math.ceil(editor.view.dom.offsetHeight)
    if (type !== 'text' || element.role !== null || !slide || height <= element.height) return
    doc.transact(() => setGeometry(doc, slide.id, [[element.id, { height }]]), EDIT)
  })
  useEffect(() => {
    const updated = ({ transaction }: { transaction: Transaction }) => {
      if (!isChangeOrigin(transaction)) grown()
    }
    editor.on('update', updated)
    return () => void editor.off('update', updated)
  }, [editor])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and pointers of the editor within are its own
    <div
      className="contents"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        leave()
      }}
    >
      <EditorContent editor={editor} className="w-full" />
    </div>
  )
}

function place(editor: NonNullable<Studio['editor']>, { at, all }: WritingStart): void {
  const { doc } = editor.state
  const position = at ? editor.view.posAtCoords({ left: at.x, top: at.y })?.pos : undefined
  const selection = all
    ? new AllSelection(doc)
    : position === undefined
      ? Selection.atEnd(doc)
      : Selection.near(doc.resolve(position))
  editor.view.dispatch(editor.state.tr.setSelection(selection))
  // At once: the focus command waits for a frame, and keys typed meanwhile would go astray.
  editor.view.focus()
}

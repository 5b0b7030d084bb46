'use client'
import type { Editor } from '@tiptap/core'
import { useEffect } from 'react'

/** How long a selection rests before something is offered for it where one only reads, in milliseconds. */
const REST_MS = 250

/** Whether the text selected is what somebody is at: of a text that one only reads, the page's own selection says so. */
export function isAtIt({ view }: Editor, element: HTMLElement): boolean {
  if (element.contains(document.activeElement)) return true
  if (view.editable) return view.hasFocus()
  const selection = document.getSelection()
  return selection !== null && !selection.isCollapsed && view.dom.contains(selection.anchorNode)
}

/** Whether there is text between two positions. */
export function isText(editor: Editor, from: number, to: number): boolean {
  return editor.state.doc.textBetween(from, to).length > 0
}

/** Whether there is text between two positions that marks can be set on. */
export function isMarkable(editor: Editor, from: number, to: number): boolean {
  return editor.isEditable && !editor.isActive('codeBlock') && isText(editor, from, to)
}

/**
 * Shows a menu for what is selected in a text that one only reads, where there is something to offer, and hides it
 * again: while it cannot have the focus, the editor hears nothing of selections elsewhere.
 */
export function useReading(editor: Editor, menu: string, offers: boolean): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const changed = () => {
      if (editor.isEditable) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        const { from, to } = editor.state.selection
        const shows = offers && isAtIt(editor, editor.view.dom) && isText(editor, from, to)
        editor.view.dispatch(editor.state.tr.setMeta(menu, shows ? 'show' : 'hide'))
      }, REST_MS)
    }
    document.addEventListener('selectionchange', changed)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('selectionchange', changed)
    }
  }, [editor, menu, offers])
}

'use client'
import type { Editor } from '@tiptap/core'
import { useEffect, useMemo } from 'react'
import { useCommentsOfText } from '../../../comments/context.ts'
import { isAtIt } from '../reading.ts'
import { anchorOfSelection } from './anchors.ts'
import { markThreads, orderOfThreads, placeOfThread } from './highlights.ts'
import type { Marked } from './places.ts'

/** What is being commented on for the first time is marked, too. */
const DRAFT = 'draft'

/** Lets the page and an editor work together on the comments on its text; nothing where one may not comment. */
export function useHighlights(editor: Editor | null): void {
  const comments = useCommentsOfText()
  const { threads, draft, active, pick, setOrder, setText } = comments ?? {}
  const marked = useMemo<Marked[]>(
    () => [
      ...(threads ?? []).flatMap(({ id, anchor, resolvedAt }) =>
        anchor ? [{ id, anchor, shown: resolvedAt === null }] : [],
      ),
      ...(draft ? [{ id: DRAFT, anchor: draft, shown: true }] : []),
    ],
    [threads, draft],
  )
  useEffect(() => {
    if (editor) markThreads(editor, { marked, active: draft ? DRAFT : (active ?? null) })
  }, [editor, marked, draft, active])
  useEffect(() => {
    if (!editor || !setText || !setOrder || !pick) return
    const storage = editor.storage.commentHighlights
    const known = (ids: readonly string[] | null) => setOrder(ids?.filter((id) => id !== DRAFT) ?? null)
    storage.ordered = known
    storage.picked = (id) => id !== DRAFT && pick(id)
    known(orderOfThreads(editor))
    setText({
      // What was selected before one went elsewhere is not meant.
      selection: () => (isAtIt(editor, editor.view.dom) ? anchorOfSelection(editor.state) : null),
      reveal: (thread) => reveal(editor, thread),
    })
    return () => {
      storage.ordered = null
      storage.picked = null
      setOrder(null)
      setText(null)
    }
  }, [editor, pick, setOrder, setText])
}

function reveal(editor: Editor, thread: string): void {
  const place = placeOfThread(editor, thread)
  if (!place) return
  const { node } = editor.view.domAtPos(place.from)
  const element = node instanceof Element ? node : node.parentElement
  element?.scrollIntoView({ block: 'center' })
}

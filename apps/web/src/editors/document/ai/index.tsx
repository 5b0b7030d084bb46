'use client'
import { aiApi, Problem } from '@realtime/contracts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Editor } from '@tiptap/core'
import { type RefObject, useCallback, useEffect, useState } from 'react'
import { api, isPassing } from '../../../api.ts'
import './ai.css'
import { selected } from '../positions.ts'
import { type Anchor, anchorAt } from './anchor.ts'
import type { Choice } from './choices.ts'
import { Panel } from './panel.tsx'

const isOff = (error: unknown) => error instanceof Problem && error.key === 'ai-unavailable'

const statusQuery = queryOptions({
  queryKey: ['ai', 'status'],
  queryFn: ({ signal }) => api(aiApi.status, {}, { signal }),
  staleTime: 60_000,
  retry: (_count, error) => isPassing(error) && !isOff(error),
})

interface AiProps {
  editor: Editor
  documentId: string
  editable: boolean
  frame: RefObject<HTMLElement | null>
}

/** AI in a document: opens its panel when the editor is asked to, by whichever way. */
export function Ai({ editor, documentId, editable, frame }: AiProps) {
  const status = useQuery(statusQuery)
  const off = isOff(status.error)
    ? (status.error?.message ?? '')
    : status.data?.available === false
      ? (status.data.reason ?? '')
      : null
  const available = status.data?.available === true
  const [opened, setOpened] = useState<{ anchor: Anchor; choice: Choice | null; key: number } | null>(null)
  const { refetch } = status

  const close = useCallback(() => {
    setOpened(null)
    // At once: the focus command waits for a frame, and keys typed meanwhile would go astray.
    if (!editor.isDestroyed) editor.view.focus()
  }, [editor])

  useEffect(() => {
    const storage = editor.storage.askAi
    storage.open = (choice) => {
      // An answer that nobody decided about is not lost to the next question.
      const panel = frame.current?.querySelector('.ai-panel')
      const open = panel?.querySelector('textarea') ?? panel?.querySelector('button')
      if (open) return open.focus()
      const anchor = anchorAt(editor.state, selected(editor.state))
      if (!anchor) return
      // It may have been switched on since.
      if (!storage.available) void refetch()
      setOpened((now) => ({ anchor, choice, key: (now?.key ?? 0) + 1 }))
    }
    return () => {
      storage.open = null
    }
  }, [editor, refetch, frame])
  useEffect(() => {
    editor.storage.askAi.available = available
    // The words on an empty line depend on it.
    editor.view.dispatch(editor.state.tr.setMeta('addToHistory', false))
  }, [editor, available])

  return opened ? (
    <Panel
      key={opened.key}
      editor={editor}
      documentId={documentId}
      editable={editable}
      anchor={opened.anchor}
      choice={opened.choice}
      off={off}
      frame={frame}
      close={close}
    />
  ) : null
}

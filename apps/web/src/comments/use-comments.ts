'use client'
import { type Anchor, allows, type Resource } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useVisit } from '../visiting/visit-context.ts'
import type { CommentedText, CommentsOfText } from './context.ts'
import { draftsOf, NEW } from './drafts.ts'
import { threadsQuery } from './queries.ts'

/** How often a visitor's page asks for comments while it shows them, in milliseconds. */
const VISITOR_LOOKS_MS = 10_000

/** What the focus goes to when the panel comes up: nothing, itself, or the field for something new. */
export type PanelFocus = 'none' | 'panel' | 'field'

/** The comments on a document and what of them is looked at; `open` and `show` are of the panel. */
export function useComments(id: string, document: Resource | undefined, open: boolean, show: () => void) {
  const visit = useVisit()
  const allowed = document !== undefined && allows(document.level, 'comment')
  const query = useQuery({
    ...threadsQuery(id),
    enabled: allowed,
    // Visitors hear no news.
    refetchInterval: visit && !visit.ended && open ? VISITOR_LOOKS_MS : false,
  })
  const [active, setActive] = useState<string | null>(null)
  const [sought, setSought] = useState<string | null>(null)
  const drafts = draftsOf(id)
  const [draft, setDraft] = useState<Anchor | null>(() => (drafts.written.has(NEW) ? drafts.about : null))
  const [order, setOrder] = useState<readonly string[] | null>(null)
  const [text, setText] = useState<CommentedText | null>(null)
  const [focus, setFocus] = useState<{ on: PanelFocus; times: number }>({ on: 'none', times: 0 })

  const pick = useCallback(
    (thread: string, on: PanelFocus = 'none') => {
      setActive(thread)
      setFocus(({ times }) => ({ on, times: times + 1 }))
      show()
    },
    [show],
  )
  const begin = useCallback(
    (anchor: Anchor | null) => {
      setDraft(anchor)
      setActive(null)
      setFocus(({ times }) => ({ on: 'field', times: times + 1 }))
      show()
    },
    [show],
  )
  const openPanel = useCallback(() => {
    setFocus(({ times }) => ({ on: 'panel', times: times + 1 }))
    show()
  }, [show])

  const wanted = useSearchParams().get('thread')
  useEffect(() => {
    if (!wanted || !allowed) return
    pick(wanted, 'panel')
    setSought(wanted)
  }, [wanted, allowed, pick])
  useEffect(() => {
    if (!sought || !text || !order?.includes(sought)) return
    text.reveal(sought)
    setSought(null)
  }, [sought, text, order])
  useEffect(() => {
    if (!allowed) return
    const pressed = (event: KeyboardEvent) => {
      // The code, not the key: with Alt a Mac writes another letter.
      if (event.code !== 'KeyM' || !event.altKey || !(event.metaKey || event.ctrlKey) || event.shiftKey) return
      event.preventDefault()
      begin(text?.selection() ?? null)
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [allowed, begin, text])
  const wasOpen = useRef(open)
  useEffect(() => {
    // Not before it was open: a link to a thread may open it only now.
    const closed = wasOpen.current && !open
    wasOpen.current = open
    if (!closed) return
    setActive(null)
    if (!drafts.written.has(NEW)) setDraft(null)
  }, [open, drafts])
  useEffect(() => {
    drafts.about = draft
  }, [drafts, draft])

  const threads = query.data?.threads
  const ofText = useMemo<CommentsOfText | null>(
    () =>
      allowed ? { threads: threads ?? [], active, draft: open ? draft : null, begin, pick, setOrder, setText } : null,
    [allowed, threads, active, draft, open, begin, pick],
  )
  return {
    ofText,
    query,
    openThreads: threads?.filter((one) => one.resolvedAt === null).length ?? 0,
    active,
    setActive,
    /** Shows where a thread belongs. */
    reveal: (thread: string) => {
      setActive(thread)
      text?.reveal(thread)
    },
    draft,
    setDraft,
    order,
    focus,
    openPanel,
    drafts,
  }
}

export type Comments = ReturnType<typeof useComments>

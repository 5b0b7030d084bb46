'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useVisit } from '../visiting/visit-context.ts'
import { isCalled, queryAt, type Written } from './mention-text.ts'
import { mentionableQuery } from './queries.ts'

/** How long typing rests before people are asked for, in milliseconds. */
const REST_MS = 150
const MOST = 8

/** Who could be meant by what is typed after an `@` before the caret (null while that means nothing). */
export function useMentions(documentId: string, written: Written, caret: number | null) {
  const visit = useVisit()
  const [dismissed, setDismissed] = useState<number | null>(null)
  const typed = caret === null || visit ? null : queryAt(written, caret)
  const query = typed?.query.trim() ?? null
  const [asked, setAsked] = useState<string | null>(null)
  useEffect(() => {
    if (query === null) return setAsked(null)
    const timer = setTimeout(() => setAsked(query), REST_MS)
    return () => clearTimeout(timer)
  }, [query])
  useEffect(() => {
    if (!typed) setDismissed(null)
  }, [typed])
  const found = useQuery({ ...mentionableQuery(documentId, asked ?? ''), enabled: asked !== null })
  const answered = asked === query && !found.isPlaceholderData
  const shown = typed && asked !== null && typed.from !== dismissed
  return {
    // Until the answer to what is typed now is there, those of the one before that may be in it.
    people: shown
      ? (found.data ?? []).filter(({ name }) => answered || isCalled(name, query ?? '')).slice(0, MOST)
      : [],
    /** What a choice takes the place of. */
    typed,
    dismiss: () => setDismissed(typed?.from ?? null),
  }
}

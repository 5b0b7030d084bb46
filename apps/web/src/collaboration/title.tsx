'use client'
import type { Resource } from '@realtime/contracts'
import { type ChangeEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { editors } from '../editors/editors.ts'
import { useRenameDocument } from '../workspace/changes.ts'

const SAVE_AFTER_MS = 700

interface TitleProps {
  document: Resource
  /** Enter and arrow down leave the title downwards. */
  onLeave(): void
}

/** The title above a page, edited in place. */
export function Title({ document, onLeave }: TitleProps) {
  const { untitled } = editors[document.kind]
  const field = useTitle<HTMLTextAreaElement>(document, onLeave)
  return (
    <div className="grid font-bold text-[2rem] leading-[1.2] tracking-[-0.025em] max-sm:text-[1.7rem]">
      <textarea
        rows={1}
        {...field}
        className="col-start-1 row-start-1 w-full resize-none overflow-hidden break-words bg-transparent outline-none placeholder:text-placeholder/85"
      />
      <div aria-hidden dir="auto" className="invisible col-start-1 row-start-1 whitespace-pre-wrap break-words">
        {field.value || untitled}{' '}
      </div>
    </div>
  )
}

/** The title in the bar, edited in place, where the content takes all the room below. */
export function BarTitle({ document, onLeave }: TitleProps) {
  const { untitled } = editors[document.kind]
  const field = useTitle<HTMLInputElement>(document, onLeave)
  return (
    <div className="grid min-w-0 font-medium">
      <input
        // As wide as its words beside it: by itself it would be twenty letters wide at least.
        size={1}
        {...field}
        className="col-start-1 row-start-1 w-full min-w-0 truncate rounded-[5px] bg-transparent px-1.5 py-0.5 outline-none placeholder:text-muted-foreground read-only:cursor-default focus:bg-accent hover:[&:not(:read-only)]:bg-accent"
      />
      <div aria-hidden dir="auto" className="invisible col-start-1 row-start-1 h-0 truncate whitespace-pre px-1.5">
        {field.value || untitled}{' '}
      </div>
    </div>
  )
}

interface TitleField<E> {
  ref: RefObject<E | null>
  'aria-label': string
  dir: 'auto'
  value: string
  maxLength: number
  readOnly: boolean
  placeholder: string
  spellCheck: boolean
  onChange(event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>): void
  onBlur(): void
  onKeyDown(event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>): void
}

/** What makes a field that of the title: saved a moment after typing, and at once when it is left. */
function useTitle<E extends HTMLElement>(document: Resource, onLeave: () => void): TitleField<E> {
  const rename = useRenameDocument()
  // What is being typed; null shows what is saved, as others may change it.
  const [draft, setDraft] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const field = useRef<E>(null)
  const readOnly = document.permission === 'read'
  const value = draft ?? document.title

  function save(title: string) {
    clearTimeout(timer.current)
    timer.current = undefined
    if (title.trim() !== document.title) rename.mutate({ document, title: title.trim() })
  }
  const flush = useRef(() => {})
  flush.current = () => {
    if (timer.current !== undefined && draft !== null) save(draft)
  }
  useEffect(() => {
    const hidden = () => window.document.visibilityState === 'hidden' && flush.current()
    window.document.addEventListener('visibilitychange', hidden)
    return () => {
      window.document.removeEventListener('visibilitychange', hidden)
      flush.current()
    }
  }, [])
  // What was just made begins with its title.
  const fresh = document.title === '' && Date.now() - Date.parse(document.createdAt) < 10_000
  const focusFirst = useRef(fresh && !readOnly)
  useEffect(() => {
    if (focusFirst.current) field.current?.focus()
  }, [])

  return {
    ref: field,
    'aria-label': 'Title',
    dir: 'auto',
    value,
    maxLength: 300,
    readOnly,
    placeholder: editors[document.kind].untitled,
    spellCheck: true,
    onChange(event) {
      const next = event.currentTarget.value.replace(/\s*\n\s*/g, ' ')
      setDraft(next)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => save(next), SAVE_AFTER_MS)
    },
    onBlur() {
      if (draft !== null) save(draft)
      setDraft(null)
    },
    onKeyDown(event) {
      if (event.nativeEvent.isComposing) return
      const end = event.currentTarget.selectionEnd === value.length
      if (event.key === 'Enter' || (event.key === 'ArrowDown' && end)) {
        event.preventDefault()
        onLeave()
      }
    },
  }
}

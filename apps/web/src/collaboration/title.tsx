'use client'
import type { Resource } from '@realtime/contracts'
import { useEffect, useRef, useState } from 'react'
import { editors } from '../editors/editors.ts'
import { useRenameDocument } from '../workspace/changes.ts'

const SAVE_AFTER_MS = 700

interface TitleProps {
  document: Resource
  /** Enter and arrow down leave the title downwards. */
  onLeave(): void
}

/** The title, edited in place; saved a moment after typing, and at once when it is left. */
export function Title({ document, onLeave }: TitleProps) {
  const rename = useRenameDocument()
  // What is being typed; null shows what is saved, as others may change it.
  const [draft, setDraft] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const field = useRef<HTMLTextAreaElement>(null)
  const readOnly = document.permission === 'read'
  const { untitled } = editors[document.kind]
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
  // A document that was just made begins with its title.
  const fresh = document.title === '' && Date.now() - Date.parse(document.createdAt) < 10_000
  const focusFirst = useRef(fresh && !readOnly)
  useEffect(() => {
    if (focusFirst.current) field.current?.focus()
  }, [])

  return (
    <div className="grid font-bold text-[2rem] leading-[1.2] tracking-[-0.025em] max-sm:text-[1.7rem]">
      <textarea
        ref={field}
        rows={1}
        aria-label="Title"
        dir="auto"
        value={value}
        maxLength={300}
        readOnly={readOnly}
        placeholder={untitled}
        spellCheck
        onChange={(event) => {
          const next = event.currentTarget.value.replace(/\s*\n\s*/g, ' ')
          setDraft(next)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => save(next), SAVE_AFTER_MS)
        }}
        onBlur={() => {
          if (draft !== null) save(draft)
          setDraft(null)
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          const end = event.currentTarget.selectionEnd === value.length
          if (event.key === 'Enter' || (event.key === 'ArrowDown' && end)) {
            event.preventDefault()
            onLeave()
          }
        }}
        className="col-start-1 row-start-1 w-full resize-none overflow-hidden break-words bg-transparent outline-none placeholder:text-placeholder/85"
      />
      <div aria-hidden dir="auto" className="invisible col-start-1 row-start-1 whitespace-pre-wrap break-words">
        {value || untitled}{' '}
      </div>
    </div>
  )
}

'use client'
import type { Kind } from '@realtime/contracts'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import * as Y from 'yjs'
import { editors } from '../editors/editors.ts'
import { focusIfLost } from '../history/focus.ts'
import { cn } from '../ui/classes.ts'
import { StageSkeleton } from '../ui/stage-skeleton.tsx'
import { TextSkeleton } from '../ui/text-skeleton.tsx'

interface StateViewProps {
  /** Accessible name of what is shown. */
  label: string
  testId: string
  kind: Kind
  title: string
  documentId: string
  /** Null while it comes. */
  doc: Y.Doc | null
  /** Tells one state from another. */
  stateKey: string
  /** What stands above it: what it is, and what can be done. */
  bar: ReactNode
  /** In place of the state, where it cannot be shown. */
  instead?: ReactNode
  onLeave(): void
}

/** A state to look at, in the place of the present content. */
export function StateView(props: StateViewProps) {
  const { label, testId, kind, title, documentId, doc, stateKey, bar, instead, onLeave } = props
  const { layout, untitled, Preview } = editors[kind]
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    const before = document.activeElement
    // What led here may be below it now, out of reach, until it is left.
    if (!(before instanceof HTMLElement) || (before !== document.body && !before.closest('[inert]'))) return
    section.current?.focus({ preventScroll: true })
    return () => focusIfLost({ current: before })
  }, [])
  const content =
    instead ??
    (doc ? (
      <Preview key={stateKey} documentId={documentId} doc={doc} />
    ) : layout === 'full' ? (
      <StageSkeleton />
    ) : (
      <TextSkeleton />
    ))
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-label={label}
      data-testid={testId}
      className="absolute inset-0 z-30 flex flex-col bg-background outline-none"
      onKeyDown={(event) => {
        // A menu or a dialog of it hears its own Escape.
        const own = event.currentTarget.contains(event.target as Node)
        if (event.key === 'Escape' && !event.defaultPrevented && own) onLeave()
      }}
    >
      <div className="@container flex min-h-11 shrink-0 items-center gap-2 border-b bg-primary-soft px-4 py-1.5 text-[13px]">
        {bar}
      </div>
      <div className={cn('min-h-0 flex-1', layout === 'full' ? 'flex flex-col' : 'overflow-y-auto')}>
        {layout === 'full' ? (
          content
        ) : (
          <div className="page-column flex min-h-full flex-col pb-24">
            <p
              dir="auto"
              className="break-words font-bold text-[2rem] leading-[1.2] tracking-[-0.025em] max-sm:text-[1.7rem]"
            >
              {title || <span className="text-placeholder/85">{untitled}</span>}
            </p>
            {content}
          </div>
        )}
      </div>
    </section>
  )
}

/** A replica that holds a state and nothing else, for as long as it is shown. */
export function useReplica(state: Uint8Array | undefined): Y.Doc | null {
  const [doc, setDoc] = useState<Y.Doc | null>(null)
  useEffect(() => {
    if (!state) return
    const replica = new Y.Doc()
    Y.applyUpdate(replica, state)
    setDoc(replica)
    return () => {
      setDoc(null)
      replica.destroy()
    }
  }, [state])
  return doc
}

'use client'
import type { Editor } from '@tiptap/core'
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import { Confirm } from '../../../ui/dialog.tsx'
import { accept, type Where } from './accept.ts'
import type { Anchor } from './anchor.ts'
import { readAnswer } from './answer.ts'
import type { Choice } from './choices.ts'
import { Question } from './question.tsx'
import { Result } from './result.tsx'
import { askedOf } from './rows.ts'
import { SwitchedOff } from './switched-off.tsx'
import { usePlace } from './use-place.ts'
import { useProposal } from './use-proposal.ts'

interface PanelProps {
  editor: Editor
  documentId: string
  editable: boolean
  /** What it was opened at. */
  anchor: Anchor
  choice: Choice | null
  /** How AI is switched on; null when it is. */
  off: string | null
  /** What the panel is placed in, as wide as it may be. */
  frame: RefObject<HTMLElement | null>
  close(): void
}

/** The private panel of AI, at the place it is asked about. */
export function Panel({ editor, documentId, editable, anchor: opened, choice, off, frame, close }: PanelProps) {
  const panel = useRef<HTMLElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const { proposal, ask, stop } = useProposal(editor, documentId, opened)
  const [leaving, setLeaving] = useState(false)
  const { phase, text, asked, anchor } = proposal
  const place = usePlace(editor, anchor, frame)
  const selected = opened.slice.size > 0

  const begun = useRef(false)
  useEffect(() => {
    if (begun.current || off !== null) return
    begun.current = true
    const first = askedOf(choice)
    if (first) ask(first, opened)
    return () => {
      begun.current = false
    }
  }, [ask, choice, opened, off])

  // Opened and answered, it takes the focus; while it is written, Stop has it.
  useLayoutEffect(() => {
    if (phase === 'writing') return
    const take = () => {
      const element = field.current
      if (!element || element === document.activeElement) return
      element.focus({ preventScroll: true })
      element.setSelectionRange(element.value.length, element.value.length)
    }
    // At once, for the next key is meant for it; and again, as the editor may still settle its own in this frame.
    take()
    const again = requestAnimationFrame(take)
    return () => cancelAnimationFrame(again)
  }, [phase])
  useShown(panel, `${phase} ${text.length}`)

  const unaccepted = phase !== 'asking' && readAnswer(editor, text) !== null
  function leave(): void {
    if (phase === 'writing') stop()
    else if (unaccepted) setLeaving(true)
    else close()
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing || leaving) return
    event.preventDefault()
    event.stopPropagation()
    leave()
  }
  function take(where: Where): void {
    const answer = readAnswer(editor, text)
    if (!answer || !editable) return
    const outcome = accept(editor, anchor, answer, where)
    if (outcome === 'kept') toast('What others wrote meanwhile was kept, after the answer.')
    if (outcome === 'elsewhere') toast('The place was removed meanwhile: the answer is at the end of the document.')
    close()
  }
  // Outside, a press closes what holds nothing yet.
  useEffect(() => {
    if (phase !== 'asking') return
    const pressed = (event: PointerEvent) => {
      if (event.target instanceof Node && !panel.current?.contains(event.target) && !field.current?.value) close()
    }
    document.addEventListener('pointerdown', pressed)
    return () => document.removeEventListener('pointerdown', pressed)
  }, [phase, close])

  return (
    <section
      ref={panel}
      role="dialog"
      aria-label="AI"
      onKeyDown={onKeyDown}
      style={{ top: place.top }}
      className="ai-panel absolute -inset-x-1 z-30 scroll-mt-4 scroll-mb-4 pb-6"
    >
      {off !== null ? (
        <SwitchedOff reason={off} close={close} />
      ) : phase === 'asking' ? (
        <Question
          ref={field}
          selected={selected}
          written={editor.state.doc.textContent.trim() !== ''}
          choice={choice}
          ask={(wanted) => ask(wanted, anchor)}
          close={close}
        />
      ) : (
        <Result
          ref={field}
          editor={editor}
          proposal={proposal}
          editable={editable}
          changed={place.changed}
          stop={stop}
          again={() => asked && ask(asked, anchor)}
          follow={(prompt) => {
            const draft = text.trim() === '' ? {} : { draft: text.slice(0, 50_000) }
            if (asked) ask({ ...asked, prompt, ...draft }, anchor)
          }}
          take={take}
          discard={close}
        />
      )}
      <Confirm
        open={leaving}
        onOpenChange={setLeaving}
        title="Discard this answer?"
        description="It is nowhere else: nobody has seen it, and it was not put into the document."
        action="Discard"
        onConfirm={close}
      />
    </section>
  )
}

/** Keeps the panel in sight as it opens and grows, until one scrolls the page. */
function useShown(panel: RefObject<HTMLElement | null>, size: string): void {
  const scrolled = useRef(false)
  useEffect(() => {
    const away = (event: Event) => {
      if (event.target instanceof Node && !panel.current?.contains(event.target)) scrolled.current = true
    }
    document.addEventListener('wheel', away, { passive: true })
    document.addEventListener('touchmove', away, { passive: true })
    return () => {
      document.removeEventListener('wheel', away)
      document.removeEventListener('touchmove', away)
    }
  }, [panel])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it grows
  useEffect(() => {
    if (!scrolled.current) panel.current?.scrollIntoView({ block: 'nearest' })
  }, [panel, size])
}

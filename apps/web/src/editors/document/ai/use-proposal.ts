'use client'
import type { AiAction } from '@realtime/contracts'
import type { Editor } from '@tiptap/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Anchor, anchorAt, placeOf } from './anchor.ts'
import { type Ending, generate } from './generate.ts'
import { surroundingsOf } from './surroundings.ts'

/** What is asked for. With a draft the prompt says what to change in it. */
export interface Asked {
  action: AiAction
  prompt?: string
  language?: string
  draft?: string
}

/** An answer that nobody but its reader has seen, and that is nowhere in the document. */
export interface Proposal {
  phase: 'asking' | 'writing' | 'answered'
  text: string
  /** How it ended; null while it is written. */
  ending: Ending | null
  asked: Asked | null
  /** Whether nothing came: the text is the draft that was to be changed, or empty. */
  failed: boolean
  /** The place as it was when this was asked. */
  anchor: Anchor
}

/** How often a growing answer is shown anew, in milliseconds. */
const SHOWN_MS = 70

/** Asks for answers about a place of a document. All of it ends with the component. */
export function useProposal(editor: Editor, documentId: string, opened: Anchor) {
  const [proposal, setProposal] = useState<Proposal>({
    phase: 'asking',
    text: '',
    ending: null,
    asked: null,
    failed: false,
    anchor: opened,
  })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const ask = useCallback(
    (asked: Asked, at: Anchor) => {
      running.current?.abort()
      const mine = new AbortController()
      running.current = mine
      const { state } = editor
      const end = state.doc.content.size
      const place = placeOf(state, at) ?? { from: end, to: end }
      // What others wrote since the last question is part of this one.
      const anchor = anchorAt(state, place) ?? at
      const spent = new TextEncoder().encode(asked.draft ?? '').length
      const whole = asked.action === 'summarise' && place.from === place.to
      const request = { documentId, ...asked, ...surroundingsOf(editor, place, whole, spent) }
      let text = ''
      let timer: ReturnType<typeof setTimeout> | undefined
      const show = () => {
        timer = undefined
        if (running.current === mine) setProposal((now) => ({ ...now, text }))
      }
      setProposal({ phase: 'writing', text: '', ending: null, asked, failed: false, anchor })
      void generate(request, mine.signal, (now) => {
        text = now
        timer ??= setTimeout(show, SHOWN_MS)
      }).then((ending) => {
        clearTimeout(timer)
        const failed = text.trim() === ''
        const shown = failed ? (asked.draft ?? '') : text
        if (running.current === mine) setProposal((now) => ({ ...now, phase: 'answered', text: shown, ending, failed }))
      })
    },
    [editor, documentId],
  )
  const stop = useCallback(() => running.current?.abort(), [])
  return { proposal, ask, stop }
}

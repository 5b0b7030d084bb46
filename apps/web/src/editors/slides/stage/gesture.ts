import { type Geometry, setField, setGeometry, slideElement } from '@realtime/resources'
import { useEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type * as Y from 'yjs'
import { longStep } from '../studio/undo.ts'

/** Where an element is while it is being dragged. */
export type Draft = Partial<Geometry> & { rising?: boolean }
export type Drafts = ReadonlyMap<string, Draft>

/** Positions are told to others at most so often, in milliseconds. */
const TELL_MS = 45

/** A drag: what it moves is shown at once, written now and then, and undone as one. */
export interface Gesture {
  begin(): void
  move(drafts: Drafts): void
  /** Writes something else as part of it. */
  during(work: () => void): void
  end(): void
  /** Whether one is under way, and has moved something. */
  active(): boolean
}

/** @returns what is being dragged, and the gesture that drags it */
export function useGesture(doc: Y.Doc, slide: string | null): [drafts: Drafts | null, gesture: Gesture] {
  const [drafts, setDrafts] = useState<Drafts | null>(null)
  const where = useRef(slide)
  where.current = slide
  const gesture = useMemo(() => createGesture(doc, () => where.current, setDrafts), [doc])
  // A stage that goes away takes its drag along.
  useEffect(() => () => gesture.end(), [gesture])
  return [drafts, gesture]
}

/** The gesture of `useGesture`; `show` is told what is being dragged, null for nothing. */
export function createGesture(doc: Y.Doc, slide: () => string | null, show: (drafts: Drafts | null) => void): Gesture {
  // It begins with the first move: a press that turns into writing is no step, and may never be told of its end.
  let step: ReturnType<typeof longStep> | null = null
  let on: string | null = null
  let latest: Drafts | null = null
  let told = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function tell(): void {
    clearTimeout(timer)
    timer = undefined
    if (!latest || !on || !step) return
    const [to, moved] = [on, latest]
    latest = null
    told = performance.now()
    step.during(() => {
      setGeometry(
        doc,
        to,
        [...moved].map(([id, { rising: _, ...geometry }]): [string, Partial<Geometry>] => [id, geometry]),
      )
      for (const [id, { rising }] of moved)
        if (rising !== undefined) setField(slideElement(doc, to, id), 'rising', rising)
    })
  }

  return {
    begin() {
      this.end()
      on = slide()
      told = performance.now()
    },
    move(drafts) {
      if (!on) return
      step ??= longStep(doc)
      latest = drafts
      // Before whoever moves the element measures it again.
      flushSync(() => show(drafts))
      const rest = TELL_MS - (performance.now() - told)
      if (rest <= 0) tell()
      else timer ??= setTimeout(tell, rest)
    },
    end() {
      tell()
      on = null
      if (!step) return
      step.end()
      step = null
      show(null)
    },
    during(work) {
      if (!on) return
      step ??= longStep(doc)
      step.during(work)
    },
    active: () => step !== null,
  }
}

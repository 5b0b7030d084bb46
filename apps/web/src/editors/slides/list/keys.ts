import { addSlide, moveSlides, type Slide } from '@realtime/resources'
import type { KeyboardEvent } from 'react'
import type { Studio } from '../studio/studio.ts'
import { duplicate, remove } from './slide-menu.tsx'

const steps: Record<string, number> = {
  ...{ ArrowUp: -1, ArrowLeft: -1, PageUp: -5 },
  ...{ ArrowDown: 1, ArrowRight: 1, PageDown: 5 },
}

/** Does what a key in the list of slides asks for. @returns whether the key was ours */
export function listKey(event: KeyboardEvent, studio: Studio): boolean {
  const { deck, slide, slides, editable, doc, show, change } = studio
  const { key, shiftKey } = event
  const order = deck.slides.map(({ id }) => id)
  const at = slide ? order.indexOf(slide.id) : -1
  const step = steps[key] ?? 0
  const mod = isMod(event)
  if (step !== 0 && (mod || event.altKey)) {
    const before = order.findIndex((id) => slides.includes(id)) + Math.sign(step)
    if (editable && before >= 0) change(() => moveSlides(doc, slides, before))
    return true
  }
  const to =
    key === 'Home'
      ? 0
      : key === 'End'
        ? order.length - 1
        : step !== 0
          ? Math.max(0, Math.min(order.length - 1, at + step))
          : -1
  const target = order[to]
  if (target) {
    const between = order.slice(Math.min(at, to), Math.max(at, to) + 1)
    show(target, shiftKey ? [...new Set([...slides, ...between])] : [target])
    return true
  }
  if (mod && key === 'a' && slide) {
    show(slide.id, order)
    return true
  }
  if (!editable) return false
  if (key === 'Enter' && !mod) add(studio, nextLayout(slide))
  else if (key === 'Delete' || key === 'Backspace') remove(studio, slides)
  else if (mod && key === 'd') duplicate(studio, slides)
  else return false
  return true
}

export function isMod(event: { metaKey: boolean; ctrlKey: boolean }): boolean {
  return event.metaKey || event.ctrlKey
}

/** After a title comes text; else more of the same. */
export function nextLayout(slide: Slide | null): string {
  return !slide || slide.layout === 'title' || slide.layout === 'section' ? 'title-body' : slide.layout
}

/** Adds a slide behind the one on the stage and goes to it. */
export function add({ doc, slide, change, show }: Studio, layout: string): void {
  const id = change(() => addSlide(doc, { layout, after: slide?.id ?? '' }))
  if (id) show(id)
}

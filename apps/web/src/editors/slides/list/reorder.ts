import { moveSlides } from '@realtime/resources'
import { type PointerEvent, useState } from 'react'
import { followPointer } from '../stage/pointer.ts'
import type { Studio } from '../studio/studio.ts'

/** Where slides that are being dragged would go: before the slide of this number, from 0. */
export type Gap = number | null

/** Drags slides of the list to another place. Fingers scroll the list; they have the menu of a slide for it. */
export function useReorder(
  list: HTMLElement | null,
  { doc, deck, change }: Studio,
): [gap: Gap, drag: (event: PointerEvent, ids: readonly string[]) => void] {
  const [gap, setGap] = useState<Gap>(null)
  function drag(event: PointerEvent, ids: readonly string[]): void {
    if (event.pointerType === 'touch' || event.button !== 0 || !list) return
    let at: Gap = null
    const stop = (key: KeyboardEvent) => {
      if (key.key === 'Escape') at = null
    }
    window.addEventListener('keydown', stop)
    followPointer(
      event,
      (dx, dy, { clientX, clientY }) => {
        if (Math.hypot(dx, dy) < 6 && at === null) return
        at = gapAt(list, clientX, clientY)
        setGap(at)
        scrollNear(list, clientX, clientY)
      },
      () => {
        window.removeEventListener('keydown', stop)
        setGap(null)
        if (at === null) return
        const before = deck.slides.slice(0, at).filter(({ id }) => !ids.includes(id)).length
        change(() => moveSlides(doc, ids, before))
      },
    )
  }
  return [gap, drag]
}

function isRow(list: HTMLElement): boolean {
  return getComputedStyle(list).flexDirection === 'row'
}

function gapAt(list: HTMLElement, x: number, y: number): number {
  const row = isRow(list)
  const items = [...list.querySelectorAll('[role=option]')]
  const after = items.findIndex((item) => {
    const { left, width, top, height } = item.getBoundingClientRect()
    return row ? x < left + width / 2 : y < top + height / 2
  })
  return after < 0 ? items.length : after
}

function scrollNear(list: HTMLElement, x: number, y: number): void {
  const { left, right, top, bottom } = list.getBoundingClientRect()
  const edge = 40
  if (isRow(list)) list.scrollLeft += x < left + edge ? -12 : x > right - edge ? 12 : 0
  else list.scrollTop += y < top + edge ? -12 : y > bottom - edge ? 12 : 0
}

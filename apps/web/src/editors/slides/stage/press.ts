import { isBlank, type Slide } from '@realtime/resources'
import type { PointerEvent } from 'react'
import { flushSync } from 'react-dom'
import type { Studio } from '../studio/studio.ts'
import type { Gesture } from './gesture.ts'
import { followPointer } from './pointer.ts'

interface PressPlace {
  studio: Studio
  slide: Slide
  scale: number
  gesture: Gesture
  /** Begins to draw an area that selects; `keep` stays selected. */
  draw(event: PointerEvent, keep: readonly string[]): void
}

/** What a press on the stage does: selects, and begins to drag, to draw an area, or to write. */
export function usePress({ studio, slide, scale, gesture, draw }: PressPlace): (event: PointerEvent) => void {
  const { editable, selected, writing, stage, select, write } = studio
  const only = selected.length === 1

  function pressed(event: PointerEvent) {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const { target } = event
    if (writing && target.closest('.slide-writing')) return
    if (target.closest('.moveable-control, .moveable-line, .stage-handle, button')) return
    // Of many selected one presses what lies over all of them.
    const under = target.closest('.moveable-area') ? document.elementsFromPoint(event.clientX, event.clientY) : [target]
    const line = target.closest<SVGElement>('[data-line]')?.dataset.line
    const id = line ?? under.flatMap((one) => elementAt(one) ?? [])[0]
    stage.current?.focus({ preventScroll: true })
    const ids = selected.map((element) => element.id)
    if (!id) {
      if (under.length > 1) return
      if (!event.shiftKey) select([])
      if (event.pointerType !== 'touch') draw(event, event.shiftKey ? ids : [])
      return
    }
    const known = ids.includes(id)
    if (event.shiftKey) select(known ? ids.filter((one) => one !== id) : [...ids, id])
    else if (!editable) select([id])
    else if (line && (!known || only)) dragLine(event, id)
    else {
      // Before the mouse event or touch that follows: it begins to drag what is selected then.
      if (!known || writing) flushSync(() => select(known ? ids : [id]))
      clickable(event, id, { fresh: !known, many: ids.length > 1 })
    }
  }

  /** A press that moves nothing is a click: it begins to write where that is meant, or takes one out of many. */
  function clickable(event: PointerEvent, id: string, was: { fresh: boolean; many: boolean }) {
    followPointer(
      event,
      () => {},
      (dx, dy, { clientX, clientY }) => {
        if (Math.hypot(dx, dy) > 4) return
        const element = slide.elements.find((one) => one.id === id)
        if (was.many && !was.fresh) select([id])
        else if (element?.type === 'text' && (!was.fresh || isBlank(element.text)))
          write(id, { at: { x: clientX, y: clientY } })
      },
    )
  }

  function dragLine(event: PointerEvent, id: string) {
    event.preventDefault()
    select([id])
    const line = slide.elements.find((one) => one.id === id)
    if (!line) return
    gesture.begin()
    followPointer(
      event,
      (dx, dy) => gesture.move(new Map([[id, { x: line.x + dx / scale, y: line.y + dy / scale }]])),
      () => gesture.end(),
    )
  }

  return pressed
}

function elementAt(target: Element): string | undefined {
  return target.closest<HTMLElement>('[data-slide] [data-element]')?.dataset.element
}

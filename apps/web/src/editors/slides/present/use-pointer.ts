import { STAGE } from '@realtime/resources'
import { type DOMAttributes, type PointerEvent, useRef } from 'react'
import type { Show } from './use-show.ts'

/** A finger that goes this far across, in pixels, turns the slide. */
const SWIPE = 40
/** A pointer that went farther did not click. */
const STILL = 10

interface PointerOptions {
  show: Show
  /** Whether the laser pointer is on. */
  laser: boolean
  /** Whether something lies over the slide that takes the pointer. */
  quiet: boolean
}

type Handlers = Required<
  Pick<DOMAttributes<HTMLElement>, 'onPointerDown' | 'onPointerUp' | 'onPointerMove' | 'onPointerCancel'>
>

/** What pointer and finger do in a show: a click goes on, a tap at the left and a swipe go back, the laser points. */
export function usePointer({ show, laser, quiet }: PointerOptions): Handlers {
  const down = useRef<{ x: number; y: number; id: number } | null>(null)

  const released = (event: PointerEvent) => {
    const from = down.current
    down.current = null
    if (from?.id !== event.pointerId || quiet || event.button !== 0) return
    if (event.target instanceof Element && event.target.closest('a, button')) return
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
    const touch = event.pointerType === 'touch'
    if (touch && Math.abs(dx) > SWIPE && Math.abs(dx) > Math.abs(dy)) show.move(dx < 0 ? 'next' : 'previous')
    else if (Math.hypot(dx, dy) > STILL) return
    else if (show.black && !show.following) show.setBlack(false)
    else show.move(touch && event.clientX < window.innerWidth / 3 ? 'previous' : 'next')
  }

  const pointed = (event: PointerEvent) => {
    if (!laser || !show.presenting) return
    const stage = event.currentTarget.querySelector('[data-show] [data-slide]')?.getBoundingClientRect()
    if (!stage) return
    const x = Math.round(((event.clientX - stage.left) / stage.width) * STAGE.width)
    const y = Math.round(((event.clientY - stage.top) / stage.height) * STAGE.height)
    show.point(x >= 0 && x <= STAGE.width && y >= 0 && y <= STAGE.height ? { x, y } : null)
  }

  return {
    onPointerDown(event) {
      // A second finger zooms or slips: it turns no slide.
      down.current = event.isPrimary ? { x: event.clientX, y: event.clientY, id: event.pointerId } : null
    },
    onPointerUp: released,
    onPointerMove: pointed,
    onPointerCancel() {
      down.current = null
    },
  }
}

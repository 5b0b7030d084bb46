import type { DeckElement } from '@realtime/resources'
import { type PointerEvent, useState } from 'react'
import { followPointer } from './pointer.ts'

/** A rectangle in logical pixels. */
export interface Area {
  left: number
  top: number
  right: number
  bottom: number
}

/** The area that is being drawn, and the press that draws one; `choose` is told what it touches. */
export function useMarquee(
  frame: HTMLElement | null,
  scale: number,
  elements: readonly DeckElement[],
  choose: (ids: string[]) => void,
): [area: Area | null, draw: (event: PointerEvent, keep: readonly string[]) => void] {
  const [area, setArea] = useState<Area | null>(null)
  function draw(event: PointerEvent, keep: readonly string[]): void {
    const place = frame?.getBoundingClientRect()
    if (!place) return
    const [x, y] = [(event.clientX - place.left) / scale, (event.clientY - place.top) / scale]
    followPointer(
      event,
      (dx, dy) => {
        if (Math.hypot(dx, dy) < 4) return
        const [toX, toY] = [x + dx / scale, y + dy / scale]
        const drawn = {
          left: Math.min(x, toX),
          right: Math.max(x, toX),
          top: Math.min(y, toY),
          bottom: Math.max(y, toY),
        }
        setArea(drawn)
        choose([...new Set([...keep, ...touched(elements, drawn)])])
      },
      () => setArea(null),
    )
  }
  return [area, draw]
}

/** The elements whose bounds, turned as they are, meet an area. */
export function touched(elements: readonly DeckElement[], area: Area): string[] {
  return elements.flatMap((element) => {
    const { id, x, y, width, height, rotation } = element
    const angle = (rotation * Math.PI) / 180
    const [sin, cos] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))]
    const halfWidth = (width * cos + height * sin) / 2
    const halfHeight = (width * sin + height * cos) / 2
    const [middleX, middleY] = [x + width / 2, y + height / 2]
    const apart =
      middleX + halfWidth < area.left ||
      middleX - halfWidth > area.right ||
      middleY + halfHeight < area.top ||
      middleY - halfHeight > area.bottom
    return apart ? [] : [id]
  })
}

'use client'
import { type LineElement, setField, slideElement } from '@realtime/resources'
import type { PointerEvent } from 'react'
import { useStudio } from '../studio/studio.ts'
import type { Gesture } from './gesture.ts'
import { endsOf, lineBetween, type Point, straightened } from './line-geometry.ts'
import { followPointer } from './pointer.ts'

interface LineHandlesProps {
  line: LineElement
  scale: number
  gesture: Gesture
}

/** The two ends of a selected line, to drag; with Shift in steps of 45 degrees. */
export function LineHandles({ line, scale, gesture }: LineHandlesProps) {
  const { doc, slide } = useStudio()
  const ends = endsOf(line)

  function pull(event: PointerEvent, which: 0 | 1) {
    event.preventDefault()
    event.stopPropagation()
    const fixed = ends[which === 0 ? 1 : 0]
    const from = ends[which]
    // The ends of a line that turns over change places, and so do their arrows.
    let turned = false
    gesture.begin()
    followPointer(
      event,
      (dx, dy, { shiftKey }) => {
        const free: Point = { x: from.x + dx / scale, y: from.y + dy / scale }
        const point = shiftKey ? straightened(fixed, free) : free
        const { draft, swapped } = which === 0 ? lineBetween(point, fixed) : lineBetween(fixed, point)
        gesture.move(new Map([[line.id, draft]]))
        if (swapped === turned || !slide) return
        turned = swapped
        const map = slideElement(doc, slide.id, line.id)
        gesture.during(() => {
          setField(map, 'start', turned ? line.end : line.start)
          setField(map, 'end', turned ? line.start : line.end)
        })
      },
      () => gesture.end(),
    )
  }

  return (
    <>
      {ends.map((end, index) => (
        <button
          key={index === 0 ? 'start' : 'end'}
          type="button"
          tabIndex={-1}
          aria-label={index === 0 ? 'Start of the line' : 'End of the line'}
          onPointerDown={(event) => pull(event, index === 0 ? 0 : 1)}
          className="stage-handle absolute z-20"
          style={{ left: end.x * scale, top: end.y * scale }}
        />
      ))}
    </>
  )
}

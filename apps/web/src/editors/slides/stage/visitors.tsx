'use client'
import type { Slide } from '@realtime/resources'
import type { Awareness } from 'y-protocols/awareness'
import { useVisitors } from '../studio/presence.ts'

/** What others have selected on the slide, in their colors and with their names. */
export function Visitors({ slide, scale, awareness }: { slide: Slide; scale: number; awareness: Awareness }) {
  const visitors = useVisitors(awareness).filter((visitor) => visitor.slide === slide.id)
  return visitors.flatMap(({ clientId, person, elements }) =>
    slide.elements
      .filter(({ id }) => elements.includes(id))
      .map(({ id, x, y, width, height, rotation }, index) => (
        <div
          key={`${clientId} ${id}`}
          data-testid="visitor"
          data-element-of={id}
          className="pointer-events-none absolute z-10 rounded-[2px]"
          style={{
            left: x * scale - 2,
            top: y * scale - 2,
            width: width * scale + 4,
            height: height * scale + 4,
            transform: rotation ? `rotate(${rotation}deg)` : undefined,
            boxShadow: `0 0 0 2px ${person.color}`,
          }}
        >
          {index === 0 ? (
            <span
              className="absolute -top-0.5 left-[-2px] max-w-40 -translate-y-full truncate rounded-[4px] rounded-bl-none px-1.5 py-px font-medium text-[11px] text-white leading-4"
              style={{ background: person.color }}
            >
              {person.name}
            </span>
          ) : null}
        </div>
      )),
  )
}

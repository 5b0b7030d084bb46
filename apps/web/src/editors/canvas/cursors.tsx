'use client'
import { useEffect, useRef, useState } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import { cn } from '../../ui/classes.ts'
import type { View } from './excalidraw.tsx'
import { type CanvasPerson, canvasPeople } from './presence.ts'

interface CursorsProps {
  awareness: Awareness
  view: View
}

/** Others' pointers with their names, above the stage. */
export function Cursors({ awareness, view }: CursorsProps) {
  const [people, setPeople] = useState<CanvasPerson[]>([])
  const last = useRef('')
  useEffect(() => {
    const changed = () => {
      const now = canvasPeople(awareness).filter(({ pointer }) => pointer !== null)
      const key = JSON.stringify(now)
      if (key === last.current) return
      last.current = key
      setPeople(now)
    }
    changed()
    awareness.on('change', changed)
    return () => awareness.off('change', changed)
  }, [awareness])

  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 z-10 overflow-hidden" data-testid="cursors">
      {/* Moves with the view at once; only the pointers in it glide. */}
      <div style={{ transform: `translate(${view.scrollX * view.zoom}px, ${view.scrollY * view.zoom}px)` }}>
        {people.map(({ clientId, identity, pointer, idle, down }) =>
          pointer ? (
            <div
              key={clientId}
              data-testid="cursor"
              className={cn(
                'absolute top-0 left-0 transition-[transform,opacity] duration-75 ease-linear',
                idle && 'opacity-40',
              )}
              style={{ transform: `translate(${pointer.x * view.zoom}px, ${pointer.y * view.zoom}px)` }}
            >
              {pointer.tool === 'laser' ? (
                <span
                  className="-translate-1/2 absolute size-2.5 rounded-full ring-2 ring-white"
                  style={{ background: identity.color }}
                />
              ) : (
                <svg width="18" height="20" viewBox="0 0 18 20" className={cn('drop-shadow-sm', down && 'scale-90')}>
                  <title>{identity.name}</title>
                  <path
                    d="M1.2 1.2 6.3 17.6 9.2 10.6 16.2 8.1Z"
                    fill={identity.color}
                    stroke="white"
                    strokeWidth="1.6"
                    strokeLinejoin="round"
                  />
                </svg>
              )}
              <span
                dir="auto"
                className="absolute top-4 left-3 max-w-40 truncate rounded-md px-1.5 py-0.5 font-medium text-[11px] text-white shadow-soft"
                style={{ background: identity.color }}
              >
                {identity.name}
              </span>
            </div>
          ) : null,
        )}
      </div>
    </div>
  )
}

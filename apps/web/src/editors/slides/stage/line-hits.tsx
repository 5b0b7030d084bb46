import type { LineElement } from '@realtime/resources'
import { endsOf } from './line-geometry.ts'

/** Where the pointer finds lines: they are thin, and most of their boxes is not theirs. In logical pixels. */
export function LineHits({ lines, scale }: { lines: readonly LineElement[]; scale: number }) {
  if (lines.length === 0) return null
  return (
    <svg aria-hidden className="pointer-events-none absolute inset-0 size-full overflow-visible">
      {lines.map((line) => {
        const [from, to] = endsOf(line)
        return (
          <line
            key={line.id}
            data-line={line.id}
            x1={from.x}
            y1={from.y}
            x2={to.x}
            y2={to.y}
            stroke="transparent"
            strokeWidth={Math.max(line.strokeWidth, 16 / scale)}
            style={{ pointerEvents: 'stroke', cursor: 'move', touchAction: 'none' }}
          />
        )
      })}
    </svg>
  )
}

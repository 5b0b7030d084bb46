'use client'
import type { Slide } from '@realtime/resources'
import { AArrowDown, AArrowUp } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { useRemembered } from '../../../workspace/current.ts'
import { StaticText } from '../view/static-text.tsx'
import { useText } from '../view/use-text.ts'

/** Of letters, in pixels. */
const SIZES = [14, 16, 18, 22, 26, 32]

/** The notes of a slide, in a size to read from afar, which this device remembers. */
export function Notes({ notes }: Pick<Slide, 'notes'>) {
  const blocks = useText(notes)
  const blank = blocks.every((block) => block.runs.every((run) => run.text.trim() === ''))
  const [remembered, remember] = useRemembered('realtime.notes-size')
  const size = Math.max(0, Math.min(SIZES.length - 1, Number(remembered ?? 2) || 0))
  return (
    <div className="flex min-h-40 min-w-0 flex-col">
      <div className="mb-1.5 flex items-center justify-between">
        <h2 className="font-medium text-muted-foreground text-xs">Notes</h2>
        <div className="flex gap-1">
          <Button
            variant="ghost"
            size="iconSmall"
            aria-label="Smaller notes"
            disabled={size === 0}
            onClick={() => remember(String(size - 1))}
          >
            <AArrowDown aria-hidden />
          </Button>
          <Button
            variant="ghost"
            size="iconSmall"
            aria-label="Larger notes"
            disabled={size === SIZES.length - 1}
            onClick={() => remember(String(size + 1))}
          >
            <AArrowUp aria-hidden />
          </Button>
        </div>
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long notes are scrolled by the keyboard
        tabIndex={0}
        data-testid="notes"
        aria-label="Notes"
        className="min-h-0 flex-1 overflow-y-auto rounded-md border bg-card p-4 max-md:overflow-visible"
      >
        {blank ? (
          <p className="text-muted-foreground text-sm">No notes for this slide.</p>
        ) : (
          <div className="slide-text" style={{ fontSize: SIZES[size] }}>
            <StaticText blocks={blocks} links />
          </div>
        )}
      </section>
    </div>
  )
}

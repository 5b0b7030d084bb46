'use client'
import type { Anchor } from '@realtime/contracts'
import { cn } from '../ui/classes.ts'

export const quoteStyle =
  'line-clamp-2 border-(--comment-line) border-s-2 ps-2 text-start text-muted-foreground text-xs [overflow-wrap:anywhere]'

interface ThreadPlaceProps {
  /** Null for what is about all of it. */
  anchor: Anchor | null
  /** What all of it is, in words. */
  whole: string
  /** Whether its text is gone. */
  gone: boolean
  /** Shows it in the text. */
  onReveal(): void
}

/** Where a thread belongs: to words of a text, or to all of it. */
export function ThreadPlace({ anchor, whole, gone, onReveal }: ThreadPlaceProps) {
  if (anchor === null) return <p className="pt-0.5 text-muted-foreground text-xs">About {whole}</p>
  return (
    <>
      <button
        type="button"
        disabled={gone}
        onClick={onReveal}
        title={gone ? undefined : 'Show in the text'}
        className="block w-full rounded-sm text-left pointer-coarse:min-h-11"
      >
        <span dir="auto" data-testid="quote" className={cn(quoteStyle, gone && 'border-input line-through')}>
          {anchor.quote}
        </span>
      </button>
      {gone ? <p className="mt-1 text-muted-foreground text-xs">The text is gone</p> : null}
    </>
  )
}

'use client'
import { readRichText, themeOf } from '@realtime/resources'
import { useMemo, useState } from 'react'
import type { PreviewProps } from '../editors.ts'
import { Thumbnail } from './list/thumbnail.tsx'
import { useFileLinks } from './view/file-links.ts'
import { filesOf } from './view/files-of.ts'
import { ScaledSlide } from './view/slide-view.tsx'
import { StaticText } from './view/static-text.tsx'
import { useDeck } from './view/use-deck.ts'

/** A deck as it was: its slides, one of them large, and what was to be said with it. */
export function SlidesPreview({ documentId, doc }: PreviewProps) {
  const deck = useDeck(doc)
  const theme = themeOf(deck.theme)
  const files = useMemo(() => filesOf(deck.slides), [deck])
  const images = useFileLinks(documentId, files)
  const [chosen, setChosen] = useState<string | null>(null)
  const slide = deck.slides.find(({ id }) => id === chosen) ?? deck.slides[0]
  const notes = slide ? readRichText(slide.notes) : []
  const said = notes.some(({ runs }) => runs.some(({ text }) => text.trim() !== ''))
  if (!slide) return <p className="m-auto text-muted-foreground">This deck had no slides.</p>
  return (
    <div data-testid="preview" className="flex min-h-0 flex-1 max-md:flex-col">
      <nav
        aria-label="Slides"
        className="flex w-44 shrink-0 flex-col gap-2 overflow-y-auto border-r bg-sidebar p-2 max-md:order-last max-md:w-full max-md:flex-row max-md:overflow-x-auto max-md:border-t max-md:border-r-0"
      >
        {deck.slides.map((one, index) => (
          <button
            key={one.id}
            type="button"
            aria-label={`Slide ${index + 1}`}
            aria-current={one.id === slide.id || undefined}
            onClick={() => setChosen(one.id)}
            className="shrink-0 rounded-md text-left max-md:w-32"
          >
            <Thumbnail slide={one} theme={theme} images={images} current={one.id === slide.id} chosen={false} />
          </button>
        ))}
      </nav>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="min-h-0 flex-1 bg-muted/70 p-4 md:p-8 dark:bg-black/25">
          <ScaledSlide fit className="drop-shadow-md" slide={slide} theme={theme} images={images} />
        </div>
        {said ? (
          <section aria-label="Speaker notes" className="max-h-32 overflow-y-auto border-t px-4 py-3 text-[13px]">
            <StaticText blocks={notes} links />
          </section>
        ) : null}
      </div>
    </div>
  )
}

'use client'
import { STAGE } from '@realtime/resources'
import { Printer, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { OpenDeck, type OpenedDeck } from '../present/open-deck.tsx'
import { shown } from '../present/place.ts'
import { filesOf } from '../view/files-of.ts'
import { ScaledSlide, SlideView } from '../view/slide-view.tsx'
import './print.css'

/** The pages of a deck, a slide each, for the browser's print dialog: it prints them or saves them as PDF. */
export function PrintPage({ id }: { id: string }) {
  return (
    <OpenDeck id={id} name="Print">
      {(opened) => <Pages opened={opened} />}
    </OpenDeck>
  )
}

function Pages({ opened }: { opened: OpenedDeck }) {
  const { deck, theme, images, title } = opened
  const slides = shown(deck.slides)
  const pages = useRef<HTMLDivElement>(null)
  const [ready, setReady] = useState(false)
  const known = filesOf(slides).every((file) => images(file) !== undefined)

  useEffect(() => {
    if (!known || ready) return
    let gone = false
    void settled(pages.current).then(() => {
      if (!gone) setReady(true)
    })
    return () => {
      gone = true
    }
  }, [known, ready])
  useEffect(() => {
    if (!ready) return
    // The name that the dialog proposes for the file.
    document.title = title
    // After the frame in which the page says that it is ready, since the dialog stops everything.
    const frame = requestAnimationFrame(() => window.print())
    return () => cancelAnimationFrame(frame)
  }, [ready, title])

  return (
    <main id="main" data-print={ready ? 'ready' : 'waiting'} className="print-deck">
      <header className="print-bar sticky top-0 z-10 flex items-center gap-3 border-b bg-background px-4 py-2">
        <h1 dir="auto" className="min-w-0 flex-1 truncate text-left font-medium text-sm">
          {title}
        </h1>
        <span role="status" className="text-[13px] text-muted-foreground max-sm:hidden">
          {ready ? 'To get a PDF, choose “Save as PDF” in the print dialog.' : 'Fetching the images…'}
        </span>
        <Button size="small" disabled={!ready} onClick={() => window.print()}>
          <Printer aria-hidden />
          Print
        </Button>
        <Button size="icon" variant="ghost" aria-label="Close" onClick={() => window.close()}>
          <X aria-hidden />
        </Button>
      </header>
      <div aria-hidden className="print-preview mx-auto grid max-w-3xl gap-6 p-6">
        {slides.map((slide) => (
          <ScaledSlide key={slide.id} slide={slide} theme={theme} images={images} className="shadow-popover" />
        ))}
        {slides.length === 0 ? <p className="text-muted-foreground">There are no slides to print.</p> : null}
      </div>
      <div ref={pages} className="print-pages" style={{ width: STAGE.width }}>
        {slides.map((slide) => (
          <div key={slide.id} className="print-page">
            <SlideView slide={slide} theme={theme} images={images} links />
          </div>
        ))}
      </div>
    </main>
  )
}

/** Fonts and images are there, or cannot be had. */
async function settled(root: HTMLElement | null): Promise<void> {
  await document.fonts.ready
  const images = [...(root?.querySelectorAll('img') ?? [])]
  await Promise.all(images.map((image) => image.decode().catch(() => {})))
}

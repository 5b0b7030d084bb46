'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { toast } from 'sonner'
import { cn } from '../../../ui/classes.ts'
import { ScaledSlide } from '../view/slide-view.tsx'
import { useImagesAhead } from '../view/use-images-ahead.ts'
import { Banner } from './banner.tsx'
import { Controls } from './controls.tsx'
import { Help } from './help.tsx'
import { type Command, press } from './keys.ts'
import { OpenDeck, type OpenedDeck } from './open-deck.tsx'
import { Overview } from './overview.tsx'
import type { Point } from './presenting.ts'
import { leaveFullscreen, useFullscreen, useIdle, useWakeLock } from './screen.ts'
import { slideName } from './slide-name.ts'
import { usePointer } from './use-pointer.ts'
import { useShow } from './use-show.ts'
import { openPresenterWindow } from './ways.ts'

interface ShowPageProps {
  id: string
  /** The slide to begin with. */
  slide: string | null
  /** The user id of the presenter to follow. */
  leader: string | null
}

/** A deck on the whole screen: presented, or followed. */
export function ShowPage({ id, slide, leader }: ShowPageProps) {
  return (
    <div className="dark fixed inset-0 z-40 bg-black text-foreground">
      <OpenDeck id={id} name="Presentation">
        {(opened) => <Stage opened={opened} start={slide} leader={leader} />}
      </OpenDeck>
    </div>
  )
}

const IDLE_MS = 3_000

function Stage({ opened, start, leader }: { opened: OpenedDeck; start: string | null; leader: string | null }) {
  const { documentId, theme, images } = opened
  const router = useRouter()
  const show = useShow({ opened, start, leader })
  const { slides, place, black } = show
  const [digits, setDigits] = useState('')
  const [open, setOpen] = useState<'overview' | 'help' | null>(null)
  const [laser, setLaser] = useState(false)
  const idle = useIdle(IDLE_MS)
  const fullscreen = useFullscreen()
  const leftFullAt = useRef(0)
  const slide = slides[place.index]
  useWakeLock()
  useImagesAhead(slides[place.index + 1], images)
  const pointer = usePointer({ show, laser, quiet: open !== null })

  const leave = () => {
    void leaveFullscreen()
    const at = place.slide ? `?slide=${encodeURIComponent(place.slide)}` : ''
    router.replace(`/d/${encodeURIComponent(documentId)}${at}`)
  }
  const run = (command: Command) => {
    if (command === 'leave') {
      if (open) setOpen(null)
      else if (fullscreen.full) void leaveFullscreen()
      // Some browsers tell of the Escape that left the full screen, too.
      else if (performance.now() - leftFullAt.current > 400) leave()
    } else if (command === 'help' || command === 'overview') setOpen((was) => (was === command ? null : command))
    else if (command === 'fullscreen') fullscreen.toggle?.()
    else if (command === 'black') show.setBlack(!black)
    else if (command === 'presenter') {
      if (!openPresenterWindow(documentId)) toast.error('The browser did not let the presenter window open.')
    } else if (command === 'laser') {
      if (laser) show.point(null)
      setLaser(!laser)
    } else show.move(command)
  }

  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || (open === 'overview' && event.key !== 'Escape' && event.key !== 'o')) return
    const { command, digits: next, taken } = press(event, digits)
    if (!taken) return
    event.preventDefault()
    setDigits(next)
    if (command) run(command)
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => pressed(event)
    const onFull = () => {
      if (!document.fullscreenElement) leftFullAt.current = performance.now()
    }
    window.addEventListener('keydown', onKey)
    document.addEventListener('fullscreenchange', onFull)
    return () => {
      window.removeEventListener('keydown', onKey)
      document.removeEventListener('fullscreenchange', onFull)
    }
  }, [])
  useEffect(() => {
    // A reload stands where one was.
    const url = new URL(location.href)
    if (place.slide) url.searchParams.set('slide', place.slide)
    window.history.replaceState(window.history.state, '', url)
  }, [place.slide])

  return (
    <main
      id="main"
      tabIndex={-1}
      className={cn('relative size-full touch-none select-none outline-none', idle && !open && 'cursor-none')}
      {...pointer}
    >
      {slide ? (
        <section
          data-show
          data-number={place.index + 1}
          aria-roledescription="slide"
          aria-label={`${place.index + 1} of ${slides.length}`}
          className={cn('size-full', laser && show.presenting && !idle && 'cursor-none')}
        >
          <ScaledSlide fit slide={slide} theme={theme} images={images} links>
            {show.laser ? <Laser at={show.laser} /> : null}
          </ScaledSlide>
        </section>
      ) : (
        <div className="grid size-full place-items-center px-6 text-center text-muted-foreground">
          There are no slides to show.
        </div>
      )}
      {black ? <div data-testid="black" className="absolute inset-0 bg-black" /> : null}
      <p className="sr-only" aria-live="polite" role="status">
        {black ? 'The screen is black' : `Slide ${place.index + 1} of ${slides.length}: ${slideName(slide)}`}
      </p>
      {digits ? (
        <div className="absolute top-6 left-1/2 -translate-x-1/2 rounded-lg bg-neutral-900/90 px-4 py-2 font-medium text-white text-xl tabular-nums ring-1 ring-white/15">
          {digits}
          <span className="ml-2 text-sm text-white/60">Enter</span>
        </div>
      ) : null}
      <Banner show={show} onLeave={leave} />
      <Controls
        show={show}
        hidden={idle}
        laser={laser}
        full={fullscreen.full}
        canFill={fullscreen.toggle !== null}
        run={run}
        onLeave={leave}
      />
      {open === 'overview' ? (
        <Overview
          slides={slides}
          current={place.index}
          theme={theme}
          images={images}
          onPick={(index) => {
            show.move({ goto: index + 1 })
            setOpen(null)
          }}
          onClose={() => setOpen(null)}
        />
      ) : null}
      <Help open={open === 'help'} onOpenChange={(next) => setOpen(next ? 'help' : null)} />
    </main>
  )
}

function Laser({ at }: { at: Point }) {
  return (
    <div
      data-testid="laser"
      className="pointer-events-none absolute size-3.5 -translate-x-1/2 -translate-y-1/2 rounded-full bg-red-500 shadow-[0_0_14px_5px_rgb(255_40_40/0.6)] transition-[left,top] duration-75 ease-linear"
      style={{ left: at.x, top: at.y }}
    />
  )
}

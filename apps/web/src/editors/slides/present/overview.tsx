'use client'
import type { Slide, Theme } from '@realtime/resources'
import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { cn } from '../../../ui/classes.ts'
import type { Images } from '../view/file-links.ts'
import { ScaledSlide } from '../view/slide-view.tsx'
import { slideName } from './slide-name.ts'

interface OverviewProps {
  slides: Slide[]
  /** From 0. */
  current: number
  theme: Theme
  images: Images
  onPick(index: number): void
  onClose(): void
}

/** All slides of a show, to go to one. Arrow keys move between them as they lie. */
export function Overview({ slides, current, theme, images, onPick, onClose }: OverviewProps) {
  const grid = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    const at = grid.current?.querySelector<HTMLButtonElement>('[aria-current=true]')
    at?.focus()
    at?.scrollIntoView({ block: 'center' })
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  const pressed = (event: KeyboardEvent) => {
    const buttons = [...(grid.current?.querySelectorAll<HTMLButtonElement>('button[data-number]') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const across = buttons.filter((button) => button.offsetTop === buttons[0]?.offsetTop).length
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + across,
      ArrowUp: at - across,
      Home: 0,
      End: buttons.length - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    buttons[to]?.focus()
  }

  return (
    <div
      role="dialog"
      aria-modal
      aria-label="All slides"
      data-testid="overview"
      className="absolute inset-0 z-10 touch-pan-y overflow-y-auto bg-neutral-950 p-6 text-white max-sm:p-4"
      onPointerUp={(event) => event.stopPropagation()}
      onKeyDown={pressed}
    >
      <div className="mx-auto flex max-w-6xl items-center justify-between pb-4">
        <h2 className="font-semibold text-base">All slides</h2>
        <button
          type="button"
          aria-label="Close"
          onClick={onClose}
          className="grid size-9 place-items-center rounded-full text-white/80 hover:bg-white/15"
        >
          <X className="size-5" aria-hidden />
        </button>
      </div>
      <div
        ref={grid}
        className="mx-auto grid max-w-6xl grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-5 max-sm:grid-cols-2 max-sm:gap-3"
      >
        {slides.map((slide, index) => (
          <button
            key={slide.id}
            type="button"
            data-number={index + 1}
            aria-current={index === current}
            aria-label={`${index + 1}: ${slideName(slide)}`}
            onClick={() => onPick(index)}
            className="group rounded-md text-left outline-offset-4"
          >
            <ScaledSlide
              slide={slide}
              theme={theme}
              images={images}
              className={cn('rounded-md ring-1 ring-white/20', index === current && 'ring-3 ring-white')}
            />
            <span className="mt-1.5 flex gap-2 text-[13px] text-white/70 group-hover:text-white">
              <span className="tabular-nums">{index + 1}</span>
              <span className="truncate">{slideName(slide)}</span>
            </span>
          </button>
        ))}
      </div>
    </div>
  )
}

'use client'
import { addSlide, layoutOf, moveSlides, plainText, type Slide } from '@realtime/resources'
import { ChevronDown, Plus } from 'lucide-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/classes.ts'
import { Tooltip } from '../../../ui/tooltip.tsx'
import { useVisitors, type Visitor } from '../studio/presence.ts'
import { type Studio, useStudio } from '../studio/studio.ts'
import { LayoutPicker } from './layout-picker.tsx'
import { useReorder } from './reorder.ts'
import { duplicate, remove, SlideMenu } from './slide-menu.tsx'
import { Thumbnail } from './thumbnail.tsx'

/** All slides as thumbnails: a column beside the stage, or a row below it on a phone. */
export function SlideList() {
  const studio = useStudio()
  const { deck, theme, images, slide: current, slides, editable, awareness, show } = studio
  const [list, setList] = useState<HTMLElement | null>(null)
  const [gap, drag] = useReorder(list, studio)
  const visitors = useVisitors(awareness)

  const id = current?.id
  useEffect(() => {
    if (!list || !id) return
    list
      .querySelector(`[data-slide-option="${CSS.escape(id)}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [list, id])

  return (
    <nav
      aria-label="Slides"
      className="flex w-52 shrink-0 flex-col border-r bg-sidebar max-md:order-last max-md:w-full max-md:flex-row max-md:border-t max-md:border-r-0"
    >
      {editable ? <AddSlide studio={studio} /> : null}
      <div
        ref={setList}
        role="listbox"
        aria-label="Slides"
        aria-multiselectable="true"
        aria-activedescendant={id ? `slide-${id}` : undefined}
        tabIndex={0}
        data-testid="slide-list"
        onKeyDown={(event) => {
          if (event.target === event.currentTarget && listKey(event, studio)) event.preventDefault()
        }}
        className="flex min-h-0 min-w-0 flex-1 flex-col gap-1 overflow-y-auto px-2 py-2 outline-none max-md:flex-row max-md:gap-2 max-md:overflow-x-auto max-md:overflow-y-hidden [&:focus-visible_[data-current]]:bg-primary-soft"
      >
        {deck.slides.map((slide, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names the active one
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the list
          <div
            key={slide.id}
            id={`slide-${slide.id}`}
            role="option"
            data-slide-option={slide.id}
            data-current={slide.id === id || undefined}
            aria-selected={slides.includes(slide.id)}
            aria-label={`Slide ${index + 1}: ${nameOf(slide)}${slide.hidden ? ' (hidden)' : ''}`}
            onPointerDown={(event) => {
              if (event.button !== 0 || !(event.target instanceof Element) || event.target.closest('button')) return
              list?.focus({ preventScroll: true })
              event.preventDefault()
              const ids = chosenBy(event, slide.id, studio)
              if (event.pointerType !== 'touch') show(slide.id, ids)
              if (editable) drag(event, ids)
            }}
            onClick={(event) => {
              if (
                !(event.target instanceof Element && event.target.closest('button')) &&
                !event.shiftKey &&
                !isMod(event)
              )
                show(slide.id)
            }}
            className={cn(
              'group relative flex shrink-0 items-start gap-1.5 rounded-lg p-1 pl-0 max-md:w-32 max-md:flex-col max-md:p-0.5',
              gap === index &&
                'before:absolute before:-top-[3px] before:inset-x-1 before:h-0.5 before:rounded before:bg-primary max-md:before:inset-x-auto max-md:before:inset-y-1 max-md:before:-left-[5px] max-md:before:h-auto max-md:before:w-0.5',
              gap === index + 1 &&
                index === deck.slides.length - 1 &&
                'after:absolute after:-bottom-[3px] after:inset-x-1 after:h-0.5 after:rounded after:bg-primary',
            )}
          >
            <span className="w-6 shrink-0 pt-0.5 text-right text-[11px] text-muted-foreground tabular-nums max-md:sr-only">
              {index + 1}
            </span>
            <div className="relative min-w-0 flex-1 max-md:w-full">
              <Thumbnail
                slide={slide}
                theme={theme}
                images={images}
                current={slide.id === id}
                chosen={slides.includes(slide.id)}
              />
              {editable ? <SlideMenu slide={slide} number={index + 1} studio={studio} /> : null}
              <Faces visitors={visitors.filter((visitor) => visitor.slide === slide.id)} />
            </div>
          </div>
        ))}
      </div>
    </nav>
  )
}

function AddSlide({ studio }: { studio: Studio }) {
  const { theme, slide } = studio
  return (
    <div className="flex shrink-0 gap-px p-2 pb-1 max-md:flex-col max-md:justify-center max-md:p-2 max-md:pr-0">
      <Button
        variant="outline"
        size="small"
        className="h-8 flex-1 rounded-r-none max-md:size-10 max-md:flex-none max-md:rounded-md max-md:rounded-b-none max-md:px-0"
        onClick={() => add(studio, nextLayout(slide))}
        aria-label="New slide"
      >
        <Plus />
        <span className="max-md:hidden">New slide</span>
      </Button>
      <LayoutPicker
        title="New slide"
        theme={theme}
        onChoose={(layout) => add(studio, layout)}
        trigger={
          <Button
            variant="outline"
            size="small"
            className="-ml-px h-8 rounded-l-none px-1.5 max-md:-mt-px max-md:ml-0 max-md:h-7 max-md:w-10 max-md:rounded-t-none max-md:rounded-b-md"
            aria-label="New slide with a layout"
          >
            <ChevronDown />
          </Button>
        }
      />
    </div>
  )
}

/** Who looks at a slide. */
function Faces({ visitors }: { visitors: Visitor[] }) {
  const people = [...new Map(visitors.map(({ person }) => [person.id, person])).values()]
  if (people.length === 0) return null
  return (
    <div className="absolute top-1 left-1 flex -space-x-1">
      {people.slice(0, 3).map((person) => (
        <Tooltip key={person.id} content={person.name}>
          <span
            data-testid="slide-visitor"
            role="img"
            aria-label={`${person.name} is here`}
            className="fade-in grid size-5 place-items-center rounded-full font-semibold text-[9px] text-white ring-2 ring-background"
            style={{ background: person.color }}
          >
            {[...person.name][0]?.toUpperCase()}
          </span>
        </Tooltip>
      ))}
      {people.length > 3 ? (
        <span className="grid size-5 place-items-center rounded-full bg-accent font-medium text-[9px] ring-2 ring-background">
          +{people.length - 3}
        </span>
      ) : null}
    </div>
  )
}

function isMod(event: { metaKey: boolean; ctrlKey: boolean }): boolean {
  return event.metaKey || event.ctrlKey
}

/** The slides selected after a press: with Shift up to it, with Mod it more or less, else it alone. */
function chosenBy(
  event: { shiftKey: boolean; metaKey: boolean; ctrlKey: boolean },
  id: string,
  { deck, slide, slides }: Studio,
): string[] {
  const order = deck.slides.map((one) => one.id)
  if (event.shiftKey && slide) {
    const [from, to] = [order.indexOf(slide.id), order.indexOf(id)].sort((a, b) => a - b)
    return order.slice(from, (to ?? 0) + 1)
  }
  if (isMod(event)) return slides.includes(id) ? slides : [...slides, id]
  return slides.includes(id) ? slides : [id]
}

/** After a title comes text; else more of the same. */
function nextLayout(slide: Slide | null): string {
  return !slide || slide.layout === 'title' || slide.layout === 'section' ? 'title-body' : slide.layout
}

/** Adds a slide behind the one on the stage and goes to it. */
function add({ doc, slide, change, show }: Studio, layout: string): void {
  const id = change(() => addSlide(doc, { layout, after: slide?.id ?? '' }))
  if (id) show(id)
}

/** Does what a key in the list asks for. @returns whether the key was ours */
function listKey(event: KeyboardEvent, studio: Studio): boolean {
  const { deck, slide, slides, editable, doc, show, change } = studio
  const order = deck.slides.map(({ id }) => id)
  const at = slide ? order.indexOf(slide.id) : -1
  const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -5, PageDown: 5 }[event.key] ?? 0
  const mod = isMod(event)
  if (step !== 0 && editable && (mod || event.altKey)) {
    const first = order.findIndex((id) => slides.includes(id))
    const before = step < 0 ? first - 1 : first + 1
    if (before >= 0) change(() => moveSlides(doc, slides, before))
    return true
  }
  const to =
    event.key === 'Home'
      ? 0
      : event.key === 'End'
        ? order.length - 1
        : step !== 0 && !mod
          ? clamp(at + step, order)
          : -1
  const target = order[to]
  if (target) {
    const [from, until] = [at, to].sort((a, b) => a - b)
    show(target, event.shiftKey ? [...new Set([...slides, ...order.slice(from, (until ?? 0) + 1)])] : [target])
    return true
  }
  if (mod && event.key === 'a') {
    if (slide) show(slide.id, order)
    return true
  }
  if (!editable) return false
  if (event.key === 'Enter' && !mod) {
    add(studio, nextLayout(slide))
    return true
  }
  if (event.key === 'Delete' || event.key === 'Backspace') {
    remove(studio, slides)
    return true
  }
  if (mod && event.key === 'd') {
    duplicate(studio, slides)
    return true
  }
  return false
}

function clamp(index: number, order: readonly string[]): number {
  return Math.max(0, Math.min(order.length - 1, index))
}

/** What a slide is about, for those who do not see it. */
function nameOf(slide: Slide): string {
  const titles = slide.elements.filter((element) => element.type === 'text')
  const title = titles.find(({ role }) => role === 'title') ?? titles[0]
  const text = title ? plainText(title.text).trim().slice(0, 80) : ''
  return text || layoutOf(slide.layout).name
}

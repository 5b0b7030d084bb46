'use client'
import { ChevronDown, Plus } from 'lucide-react'
import { type MouseEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { useVisitors, type Visitor } from '../studio/presence.ts'
import { type Studio, useStudio } from '../studio/studio.ts'
import { add, isMod, listKey, nextLayout } from './keys.ts'
import { LayoutPicker } from './layout-picker.tsx'
import { useReorder } from './reorder.ts'
import { SlideRow } from './slide-row.tsx'

const nobody: readonly Visitor[] = []

/** All slides as thumbnails: a column beside the stage, or a row below it on a phone. */
export function SlideList() {
  const studio = useStudio()
  const { deck, theme, images, slide: current, slides, editable, awareness } = studio
  const [list, setList] = useState<HTMLElement | null>(null)
  const [gap, drag] = useReorder(list, studio)
  const visitors = useVisitors(awareness)
  const bySlide = useMemo(() => groupedBySlide(visitors), [visitors])

  // Rows are drawn anew only for what is theirs: what they call reads what is shown now.
  const latest = useRef({ studio, list, drag })
  useEffect(() => {
    latest.current = { studio, list, drag }
  })
  const press = useCallback((event: PointerEvent, id: string) => {
    const { studio: now, list: place, drag: begin } = latest.current
    if (event.button !== 0 || isOnButton(event)) return
    place?.focus({ preventScroll: true })
    event.preventDefault()
    const ids = chosenBy(event, id, now)
    if (event.pointerType !== 'touch') now.show(id, ids)
    if (now.editable) begin(event, ids)
  }, [])
  const open = useCallback((event: MouseEvent, id: string) => {
    if (!isOnButton(event) && !event.shiftKey && !isMod(event)) latest.current.studio.show(id)
  }, [])

  const id = current?.id
  useEffect(() => {
    if (!list || !id) return
    const row = list.querySelector(`[data-slide-option="${CSS.escape(id)}"]`)
    row?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
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
          <SlideRow
            key={slide.id}
            slide={slide}
            number={index + 1}
            theme={theme}
            images={images}
            current={slide.id === id}
            chosen={slides.includes(slide.id)}
            editable={editable}
            visitors={bySlide.get(slide.id) ?? nobody}
            gap={gap === index ? 'before' : gap === index + 1 && index === deck.slides.length - 1 ? 'after' : null}
            onPress={press}
            onOpen={open}
          />
        ))}
      </div>
    </nav>
  )
}

function groupedBySlide(visitors: readonly Visitor[]): Map<string, Visitor[]> {
  const groups = new Map<string, Visitor[]>()
  for (const visitor of visitors) groups.set(visitor.slide, [...(groups.get(visitor.slide) ?? []), visitor])
  return groups
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

function isOnButton({ target }: { target: EventTarget }): boolean {
  return !(target instanceof Element) || target.closest('button, [role=menu]') !== null
}

/** The slides selected after a press: with Shift up to it, with Mod it more, else it alone. */
function chosenBy(event: PointerEvent, id: string, { deck, slide, slides }: Studio): string[] {
  const order = deck.slides.map((one) => one.id)
  if (event.shiftKey && slide) {
    const [from, to] = [order.indexOf(slide.id), order.indexOf(id)]
    return order.slice(Math.min(from, to), Math.max(from, to) + 1)
  }
  if (slides.includes(id)) return slides
  return isMod(event) ? [...slides, id] : [id]
}

'use client'
import { deleteSlides, duplicateSlides, moveSlides, type Slide, setHidden } from '@realtime/resources'
import { ArrowDown, ArrowUp, Copy, Ellipsis, Eye, EyeOff, Trash2 } from 'lucide-react'
import { Kbd } from '../../../ui/kbd.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../../ui/menu.tsx'
import { type Studio, useStudio } from '../studio/studio.ts'

/** What one can do with a slide, or with all selected ones when it is among them. */
export function SlideMenu({ slide, number }: { slide: Slide; number: number }) {
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Actions of slide ${number}`}
          className="absolute right-1 bottom-1 grid size-6 place-items-center rounded bg-background/90 text-foreground opacity-0 shadow-soft ring-1 ring-border group-focus-within:opacity-100 group-hover:opacity-100 data-popup-open:opacity-100 max-md:hidden max-md:size-7 max-md:opacity-100 max-md:group-data-current:grid"
        >
          <Ellipsis aria-hidden className="size-4" />
        </button>
      }
    >
      <SlideActions slide={slide} />
    </Menu>
  )
}

/** Read the deck only while the menu is open. */
function SlideActions({ slide }: { slide: Slide }) {
  const studio = useStudio()
  const { doc, deck, slides, change } = studio
  const ids = slides.includes(slide.id) ? slides : [slide.id]
  const first = deck.slides.findIndex(({ id }) => ids.includes(id))
  const last = deck.slides.findLastIndex(({ id }) => ids.includes(id))
  const several = ids.length > 1 ? ` ${ids.length} slides` : ''
  return (
    <>
      <MenuItem onClick={() => duplicate(studio, ids)}>
        <Copy />
        <span className="flex-1">Duplicate{several}</span>
        <Kbd keys="Mod+D" />
      </MenuItem>
      <MenuItem onClick={() => change(() => setHidden(doc, ids, !slide.hidden))}>
        {slide.hidden ? <Eye /> : <EyeOff />}
        {slide.hidden ? 'Show when presenting' : 'Hide when presenting'}
      </MenuItem>
      <MenuItem disabled={first === 0} onClick={() => change(() => moveSlides(doc, ids, first - 1))}>
        <ArrowUp />
        <span className="flex-1">Move up</span>
        <Kbd keys="Mod+↑" />
      </MenuItem>
      <MenuItem
        disabled={last === deck.slides.length - 1}
        onClick={() => change(() => moveSlides(doc, ids, last + 2 - ids.length))}
      >
        <ArrowDown />
        <span className="flex-1">Move down</span>
        <Kbd keys="Mod+↓" />
      </MenuItem>
      <MenuSeparator />
      <MenuItem destructive onClick={() => remove(studio, ids)}>
        <Trash2 />
        <span className="flex-1">Delete{several}</span>
      </MenuItem>
    </>
  )
}

/** Copies slides and goes to the copies. */
export function duplicate({ doc, change, show }: Studio, ids: readonly string[]): void {
  const copies = change(() => duplicateSlides(doc, ids)) ?? []
  if (copies[0]) show(copies[0], copies)
}

/** Deletes slides; what comes after them is on the stage then. */
export function remove({ doc, deck, change, show }: Studio, ids: readonly string[]): void {
  const first = deck.slides.findIndex(({ id }) => ids.includes(id))
  const rest = deck.slides.filter(({ id }) => !ids.includes(id))
  const next = rest[Math.min(first, rest.length - 1)]
  change(() => deleteSlides(doc, ids))
  if (next) show(next.id)
}

'use client'
import { layoutOf, type Slide, type Theme } from '@realtime/resources'
import { type MouseEvent, memo, type PointerEvent } from 'react'
import { cn } from '../../../ui/classes.ts'
import { Tooltip } from '../../../ui/tooltip.tsx'
import type { Visitor } from '../studio/presence.ts'
import type { Images } from '../view/file-links.ts'
import { useText } from '../view/use-text.ts'
import { SlideMenu } from './slide-menu.tsx'
import { Thumbnail } from './thumbnail.tsx'

interface SlideRowProps {
  slide: Slide
  number: number
  theme: Theme
  images: Images
  current: boolean
  chosen: boolean
  editable: boolean
  visitors: readonly Visitor[]
  /** Where the slides that are dragged would go. */
  gap: 'before' | 'after' | null
  onPress(event: PointerEvent, slide: string): void
  onOpen(event: MouseEvent, slide: string): void
}

/** A slide in the list, with who looks at it and what can be done with it. Others' rows do not concern it. */
export const SlideRow = memo(function SlideRow(props: SlideRowProps) {
  const { slide, number, theme, images, current, chosen, editable, visitors, gap, onPress, onOpen } = props
  const name = useName(slide)
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names the active one
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the list
    <div
      id={`slide-${slide.id}`}
      role="option"
      data-slide-option={slide.id}
      data-current={current || undefined}
      aria-selected={chosen}
      aria-label={`Slide ${number}: ${name}${slide.hidden ? ' (hidden)' : ''}`}
      onPointerDown={(event) => onPress(event, slide.id)}
      onClick={(event) => onOpen(event, slide.id)}
      className={cn(
        'group relative flex shrink-0 items-start gap-1.5 rounded-lg p-1 pl-0 max-md:w-32 max-md:flex-col max-md:p-0.5',
        gap &&
          'before:absolute before:inset-x-1 before:h-0.5 before:rounded before:bg-primary max-md:before:inset-x-auto max-md:before:inset-y-1 max-md:before:h-auto max-md:before:w-0.5',
        gap === 'before' && 'before:-top-[3px] max-md:before:-left-[5px]',
        gap === 'after' && 'before:-bottom-[3px] max-md:before:-right-[5px]',
      )}
    >
      <span className="w-6 shrink-0 pt-0.5 text-right text-[11px] text-muted-foreground tabular-nums max-md:sr-only">
        {number}
      </span>
      <div className="relative min-w-0 flex-1 max-md:w-full">
        <Thumbnail slide={slide} theme={theme} images={images} current={current} chosen={chosen} />
        {editable ? <SlideMenu slide={slide} number={number} /> : null}
        <Faces visitors={visitors} />
      </div>
    </div>
  )
})

/** Who looks at a slide. */
function Faces({ visitors }: { visitors: readonly Visitor[] }) {
  const people = [...new Map(visitors.map(({ person }) => [person.id, person])).values()]
  if (people.length === 0) return null
  return (
    <div className="absolute top-1 left-1 flex -space-x-1">
      {people.slice(0, 3).map((person) => (
        <Tooltip key={person.id} content={person.name}>
          <span
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

/** What a slide is about, for those who do not see it: its title, else its layout. */
function useName(slide: Slide): string {
  const texts = slide.elements.filter((element) => element.type === 'text')
  const title = texts.find(({ role }) => role === 'title') ?? texts[0]
  const blocks = useText(title?.text ?? null)
  const text = blocks.flatMap(({ runs }) => runs.map((run) => run.text)).join('')
  return text.trim().slice(0, 80) || layoutOf(slide.layout).name
}

'use client'
import {
  ChevronLeft,
  ChevronRight,
  CircleHelp,
  LayoutGrid,
  type LucideIcon,
  Maximize,
  Minimize,
  Moon,
  NotebookText,
  Target,
  X,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '../../../ui/classes.ts'
import { Tooltip } from '../../../ui/tooltip.tsx'
import type { Command } from './keys.ts'
import type { Show } from './use-show.ts'

interface ControlsProps {
  show: Show
  /** Out of sight while nothing moves, unless the keyboard is in them. */
  hidden: boolean
  laser: boolean
  full: boolean
  canFill: boolean
  run(command: Command): void
  onLeave(): void
}

/** What can be done in a show, for pointer and finger; each has a key too. */
export function Controls({ show, hidden, laser, full, canFill, run, onLeave }: ControlsProps) {
  const { place, slides, black } = show
  return (
    <div
      data-testid="show-controls"
      className={cn(
        'absolute inset-x-0 bottom-0 flex justify-center p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] transition-opacity duration-300 focus-within:opacity-100',
        hidden && 'pointer-events-none opacity-0',
      )}
    >
      <div
        role="toolbar"
        aria-label="Presentation"
        className="flex items-center gap-0.5 rounded-full bg-neutral-900/85 p-1 text-white shadow-popover ring-1 ring-white/15 backdrop-blur"
      >
        <Control label="Previous" keys="←" icon={ChevronLeft} onClick={() => run('previous')} />
        <span className="min-w-14 px-1 text-center text-[13px] tabular-nums">
          {slides.length === 0 ? '0' : place.index + 1} / {slides.length}
        </span>
        <Control label="Next" keys="→" icon={ChevronRight} onClick={() => run('next')} />
        <Gap />
        <Control label="All slides" keys="O" icon={LayoutGrid} onClick={() => run('overview')} />
        <Control label="Black screen" keys="B" icon={Moon} on={black} onClick={() => run('black')} />
        {show.presenting ? (
          <>
            <Control
              label="Laser pointer"
              keys="L"
              icon={Target}
              on={laser}
              className="max-sm:hidden"
              onClick={() => run('laser')}
            />
            <Control
              label="Presenter window"
              keys="S"
              icon={NotebookText}
              className="max-sm:hidden"
              onClick={() => run('presenter')}
            />
          </>
        ) : null}
        {canFill ? (
          <Control
            label={full ? 'Leave full screen' : 'Full screen'}
            keys="F"
            icon={full ? Minimize : Maximize}
            onClick={() => run('fullscreen')}
          />
        ) : null}
        <Control label="Keys" keys="?" icon={CircleHelp} className="max-sm:hidden" onClick={() => run('help')} />
        <Gap />
        <Control label="End" keys="Esc" icon={X} onClick={onLeave} />
      </div>
    </div>
  )
}

function Gap() {
  return <span aria-hidden className="mx-1 h-5 w-px bg-white/20" />
}

interface ControlProps {
  label: string
  keys: string
  icon: LucideIcon
  on?: boolean
  className?: string
  onClick(): void
}

function Control({ label, keys, icon: Icon, on, className, onClick }: ControlProps): ReactNode {
  return (
    <Tooltip side="top" content={`${label} (${keys})`}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={on}
        // The focus stays with the show, whose keys go on then.
        onPointerDown={(event) => event.preventDefault()}
        onClick={onClick}
        className={cn(
          'grid size-9 place-items-center rounded-full text-white/85 transition-colors hover:bg-white/15 hover:text-white aria-pressed:bg-white aria-pressed:text-black',
          className,
        )}
      >
        <Icon className="size-[18px]" aria-hidden />
      </button>
    </Tooltip>
  )
}

'use client'
import { ChevronRight, type LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { cn } from '../../../ui/classes.ts'

/** A row of the list. */
export interface Row {
  key: string
  title: string
  detail?: string
  icon: LucideIcon
  /** Leads to more rows. */
  more?: boolean
  run(): void
}

interface ChoiceListProps {
  id: string
  label: string
  rows: Row[]
  /** The index of the row in question; -1 is none. */
  chosen: number
  onChoose(index: number): void
}

/** What one may choose instead of typing; the keys are the prompt field's. */
export function ChoiceList({ id, label, rows, chosen, onChoose }: ChoiceListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={label}
      className="mt-1.5 max-h-[min(18.5rem,45dvh)] w-72 max-w-full overflow-y-auto rounded-xl bg-popover p-1 text-popover-foreground shadow-popover ring-1 ring-border"
    >
      {rows.map((row, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and handles the keys
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={row.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onPointerMove={() => onChoose(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={row.run}
          className={cn(
            'flex min-h-8.5 cursor-default items-center gap-2.5 rounded-lg px-2.5 text-[13px] max-sm:min-h-11',
            index === chosen && 'bg-accent',
          )}
        >
          <row.icon aria-hidden className="size-4 shrink-0 text-primary-text" strokeWidth={1.75} />
          <span className="min-w-0 flex-1 truncate">{row.title}</span>
          {row.detail ? (
            <span dir="auto" className="text-muted-foreground text-xs">
              {row.detail}
            </span>
          ) : null}
          {row.more ? <ChevronRight aria-hidden className="size-3.5 text-faint" /> : null}
        </div>
      ))}
    </div>
  )
}

'use client'
import type { Filter } from './order.ts'

const filters: { filter: Filter; label: string }[] = [
  { filter: 'open', label: 'Open' },
  { filter: 'resolved', label: 'Resolved' },
]

/** Which threads are shown. */
export function FilterTabs({ filter, onChange }: { filter: Filter; onChange(filter: Filter): void }) {
  return (
    <fieldset className="mx-auto flex rounded-md bg-muted p-0.5">
      <legend className="sr-only">Which threads are shown</legend>
      {filters.map((one) => (
        <button
          key={one.filter}
          type="button"
          aria-pressed={filter === one.filter}
          onClick={() => onChange(one.filter)}
          className="h-6 rounded-[5px] px-2 text-muted-foreground text-xs hover:text-foreground aria-pressed:bg-background aria-pressed:font-medium aria-pressed:text-foreground aria-pressed:shadow-soft pointer-coarse:h-11 pointer-coarse:px-3"
        >
          {one.label}
        </button>
      ))}
    </fieldset>
  )
}

'use client'
import { LoaderCircle } from 'lucide-react'
import { rowStyle } from '../rows.ts'
import { indentOf } from './row.tsx'
import { onItemKey } from './use-item-keys.ts'

interface MoreProps {
  label: string
  level: number
  busy: boolean
  onMore(): void
}

/** The item at the end of a branch that fetches more of it. */
export function More({ label, level, busy, onMore }: MoreProps) {
  return (
    <li
      role="treeitem"
      aria-label={label}
      aria-level={level}
      aria-selected={false}
      tabIndex={-1}
      className="group/item outline-none"
      onKeyDown={(event) => onItemKey(event, { open: onMore })}
    >
      <button
        type="button"
        tabIndex={-1}
        data-open=""
        data-row=""
        aria-busy={busy || undefined}
        onClick={onMore}
        style={{ paddingLeft: indentOf(level) + 22 }}
        className={`${rowStyle} text-xs group-focus-visible/item:outline-2 group-focus-visible/item:outline-ring`}
      >
        {busy ? <LoaderCircle aria-hidden className="size-3.5! animate-spin" /> : null}
        {label}
      </button>
    </li>
  )
}

'use client'
import { ChevronRight, Ellipsis, Plus } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/classes.ts'
import { rowActions } from '../rows.ts'
import type { Edge } from './drops.ts'
import { mayEdit, type TreeNode, titleOf } from './nodes.ts'
import { useTree } from './tree-context.ts'

/** How far a row stands in, in pixels; deep ones no further, so that their names stay readable. */
export function indentOf(level: number): number {
  return 4 + Math.min(level - 1, 8) * 12
}

interface RowProps {
  row: RefObject<HTMLDivElement | null>
  node: TreeNode
  level: number
  /** Null where there is nothing to open. */
  open: boolean | null
  onToggle(): void
  edge: Edge | null
  dragged: boolean
  children: ReactNode
}

/** What the rows of projects and documents have in common: standing in, opening, buttons, and where a drop would go. */
export function Row({ row, node, level, open, onToggle, edge, dragged, children }: RowProps) {
  const { openMenu, menuOf } = useTree()
  const title = titleOf(node)
  const indent = indentOf(level)
  const mayAdd = mayEdit(node)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way to this menu is a key of the item
    <div
      ref={row}
      data-row=""
      onContextMenu={(event) => {
        event.preventDefault()
        const { clientX, clientY } = event
        openMenu(node, 'options', { getBoundingClientRect: () => new DOMRect(clientX, clientY, 0, 0) })
      }}
      className={cn(
        'group/row relative rounded-md group-focus-visible/item:outline-2 group-focus-visible/item:outline-ring',
        dragged && 'opacity-50',
        edge === 'into' && 'bg-primary-soft ring-1 ring-ring ring-inset',
      )}
    >
      {children}
      {open === null ? null : (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          data-testid="toggle"
          onClick={onToggle}
          style={{ left: indent - 2 }}
          className="absolute inset-y-0 grid w-6 place-items-center rounded-[5px] text-faint hover:text-foreground"
        >
          <ChevronRight className={cn('size-3.5 transition-transform duration-100', open && 'rotate-90')} />
        </button>
      )}
      <div className={cn(rowActions, menuOf === node && 'opacity-100')}>
        <Button
          variant="ghost"
          size="iconSmall"
          tabIndex={-1}
          aria-haspopup="menu"
          aria-label={`Options of ${title}`}
          className="max-md:size-9"
          onClick={(event) => openMenu(node, 'options', event.currentTarget)}
        >
          <Ellipsis />
        </Button>
        {mayAdd ? (
          <Button
            variant="ghost"
            size="iconSmall"
            tabIndex={-1}
            aria-haspopup="menu"
            aria-label={node.type === 'project' ? `New in ${title}` : `New below ${title}`}
            className="max-md:size-9"
            onClick={(event) => openMenu(node, 'create', event.currentTarget)}
          >
            <Plus />
          </Button>
        ) : null}
      </div>
      {edge === 'before' || edge === 'behind' ? (
        <span
          aria-hidden
          data-testid="drop-line"
          style={{ left: indent }}
          className={cn(
            'pointer-events-none absolute right-0 z-10 h-0.5 rounded-full bg-ring',
            edge === 'before' ? '-top-px' : '-bottom-px',
          )}
        />
      ) : null}
    </div>
  )
}

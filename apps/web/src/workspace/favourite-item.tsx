'use client'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import type { Resource } from '@realtime/contracts'
import { ArrowDown, ArrowUp, Ellipsis, StarOff } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { type After, afterDrop, afterStep } from './favourite-order.ts'
import { useFavourite, useMoveFavourite } from './favourites.ts'
import { ListedLink } from './listed-link.tsx'
import { rowActions } from './rows.ts'
import { nameOf } from './titles.ts'

interface FavouriteItemProps {
  document: Resource
  /** All of them, in their order. */
  favourites: Resource[]
}

/** A favourite of the sidebar: to open, to take out, and to put elsewhere by dragging, by keys, or from its menu. */
export function FavouriteItem({ document, favourites }: FavouriteItemProps) {
  const favourite = useFavourite()
  const { mutate } = useMoveFavourite()
  const row = useRef<HTMLLIElement>(null)
  const [place, setPlace] = useState('')
  const move = (after: After | undefined) => {
    if (after !== undefined) mutate({ document, after })
  }
  const { dragged, edge } = useSorting(row, { document, favourites })
  const title = nameOf(document)
  const up = afterStep(favourites, document.id, -1)
  const down = afterStep(favourites, document.id, 1)
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    if (step === 0) return
    event.preventDefault()
    const after = step < 0 ? up : down
    if (after === undefined) return
    move(after)
    const at = favourites.findIndex((one) => one.id === document.id) + step
    setPlace(`${title} is favourite ${at + 1} of ${favourites.length}`)
  }
  return (
    <li ref={row} className={cn('group/row relative', dragged && 'opacity-50')}>
      <ListedLink
        document={document}
        draggable={false}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onKeyDown={onKeyDown}
        className="group-hover/row:pr-8 group-has-data-popup-open/row:pr-8 pointer-coarse:pr-10"
      />
      <span aria-live="polite" className="sr-only">
        {place}
      </span>
      <div className={rowActions}>
        <Menu
          trigger={
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label={`Options for ${title} in favourites`}
              className="max-md:size-9"
            >
              <Ellipsis />
            </Button>
          }
        >
          <MenuItem disabled={up === undefined} onClick={() => move(up)}>
            <ArrowUp />
            Move up
          </MenuItem>
          <MenuItem disabled={down === undefined} onClick={() => move(down)}>
            <ArrowDown />
            Move down
          </MenuItem>
          <MenuSeparator />
          <MenuItem onClick={() => favourite.mutate({ document, favourite: false })}>
            <StarOff />
            Remove from favourites
          </MenuItem>
        </Menu>
      </div>
      {edge ? (
        <span
          aria-hidden
          className={cn(
            'pointer-events-none absolute inset-x-0 z-10 h-0.5 rounded-full bg-ring',
            edge === 'before' ? '-top-px' : '-bottom-px',
          )}
        />
      ) : null}
    </li>
  )
}

type Edge = 'before' | 'behind'

/** Makes a row something to drag among the favourites, and to drop others at. */
function useSorting(row: RefObject<HTMLElement | null>, options: FavouriteItemProps) {
  const [dragged, setDragged] = useState(false)
  const [edge, setEdge] = useState<Edge | null>(null)
  const { mutate } = useMoveFavourite()
  const now = useEffectEvent(() => options)
  const drop = useEffectEvent((document: Resource, after: After) => mutate({ document, after }))

  useEffect(() => {
    const element = row.current
    if (!element) return
    const dropOf = (data: Record<string | symbol, unknown>, clientY: number) => {
      const held = (data.favourite as Resource | undefined) ?? null
      if (!held) return null
      const box = element.getBoundingClientRect()
      const edge: Edge = clientY < box.top + box.height / 2 ? 'before' : 'behind'
      const { document, favourites } = now()
      const after = afterDrop(favourites, held.id, document.id, edge)
      return after === undefined ? null : { held, edge, after }
    }
    return combine(
      draggable({
        element,
        getInitialData: () => ({ favourite: now().document }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => 'favourite' in source.data,
        onDrag: ({ source, location }) => setEdge(dropOf(source.data, location.current.input.clientY)?.edge ?? null),
        onDragLeave: () => setEdge(null),
        onDrop({ source, location }) {
          setEdge(null)
          const done = dropOf(source.data, location.current.input.clientY)
          if (done) drop(done.held, done.after)
        },
      }),
    )
  }, [row])
  return { dragged, edge }
}

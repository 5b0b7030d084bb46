'use client'
import type { Resource } from '@realtime/contracts'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { cn } from '../ui/classes.ts'
import { useRemembered } from './current.ts'
import { FavouriteItem } from './favourite-item.tsx'
import { ListedLink } from './listed-link.tsx'
import { rowStyle } from './rows.ts'

/** So many are shown; the rest when it is asked for. */
const MOST = 12

interface SidebarListProps {
  /** Under which this device remembers whether it is folded. */
  name: string
  title: string
  documents: Resource[]
  /** Whether they are the favourites, to be sorted and taken out here. */
  favourites?: boolean
}

/** A list of documents above the tree; nothing where there are none. */
export function SidebarList({ name, title, documents, favourites = false }: SidebarListProps) {
  const [folded, setFolded] = useRemembered(`realtime.folded.${name}`)
  const [all, setAll] = useRemembered(`realtime.all.${name}`)
  const id = useId()
  if (documents.length === 0) return null
  const open = folded === null
  const shown = all ? documents : documents.slice(0, MOST)
  return (
    <section aria-labelledby={id} className="mb-3">
      <SectionHead id={id} open={open} onToggle={() => setFolded(open ? 'yes' : null)}>
        {title}
      </SectionHead>
      {open ? (
        <ul className="flex flex-col gap-px">
          {shown.map((document) =>
            favourites ? (
              <FavouriteItem key={document.id} document={document} favourites={documents} />
            ) : (
              <li key={document.id}>
                <ListedLink document={document} />
              </li>
            ),
          )}
          {documents.length > MOST ? (
            <li>
              <button
                type="button"
                className={cn(rowStyle, 'pl-7.5 text-xs')}
                onClick={() => setAll(all ? null : 'yes')}
              >
                {all ? 'Show fewer' : `Show ${documents.length - MOST} more`}
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </section>
  )
}

interface SectionHeadProps {
  id: string
  open: boolean
  onToggle(): void
  children: ReactNode
}

function SectionHead({ id, open, onToggle, children }: SectionHeadProps) {
  return (
    <h2 id={id} className="flex">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="group/head flex h-7 min-w-0 flex-1 items-center gap-1 rounded-md px-2 text-left font-medium text-muted-foreground text-xs outline-offset-[-2px] hover:text-foreground max-md:h-9"
      >
        {children}
        <ChevronRight
          aria-hidden
          className={cn(
            'size-3 text-faint transition-transform duration-100',
            open ? 'rotate-90 opacity-0 group-hover/head:opacity-100 group-focus-visible/head:opacity-100' : '',
          )}
        />
      </button>
    </h2>
  )
}

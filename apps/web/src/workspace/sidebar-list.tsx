'use client'
import type { Resource } from '@realtime/contracts'
import { ChevronRight, StarOff } from 'lucide-react'
import Link from 'next/link'
import { useParams } from 'next/navigation'
import { type ReactNode, useId } from 'react'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { useRemembered } from './current.ts'
import { DocumentIcon } from './document-icon.tsx'
import { useFavourite } from './favourites.ts'
import { rowActions, rowStyle } from './rows.ts'
import { nameOf } from './titles.ts'

/** So many are shown; the rest when it is asked for. */
const MOST = 12

interface SidebarListProps {
  /** Under which this device remembers whether it is folded. */
  name: string
  title: string
  documents: Resource[]
  /** Whether its documents can be taken out of the favourites here. */
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
          {shown.map((document) => (
            <ListedDocument key={document.id} document={document} favourites={favourites} />
          ))}
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

function ListedDocument({ document, favourites }: { document: Resource; favourites: boolean }) {
  const active = useParams<{ id?: string }>().id === document.id
  const favourite = useFavourite()
  const title = nameOf(document)
  return (
    <li className="group/row relative">
      <Link
        href={`/d/${document.id}`}
        prefetch={false}
        title={title.length > 26 ? title : undefined}
        aria-current={active ? 'page' : undefined}
        className={cn(rowStyle, 'pl-2.5', favourites && 'group-hover/row:pr-8 pointer-coarse:pr-10')}
      >
        <DocumentIcon document={document} />
        <span dir="auto" className={cn('truncate', !document.title && 'text-muted-foreground')}>
          {title}
        </span>
      </Link>
      {favourites ? (
        <div className={rowActions}>
          <Tooltip content="Remove from favourites">
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label={`Remove ${title} from favourites`}
              className="max-md:size-9"
              onClick={() => favourite.mutate({ document, favourite: false })}
            >
              <StarOff />
            </Button>
          </Tooltip>
        </div>
      ) : null}
    </li>
  )
}

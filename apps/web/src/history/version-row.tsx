'use client'
import type { Resource, Version } from '@realtime/contracts'
import { Bookmark, BookmarkMinus, Ellipsis, Pencil } from 'lucide-react'
import { useRef, useState } from 'react'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { InlineInput } from '../workspace/inline-input.tsx'
import { rowActions } from '../workspace/rows.ts'
import { clockOf, nameOf, peopleIn } from './days.ts'
import { focusIfLost } from './focus.ts'
import { useRenameVersion } from './queries.ts'

export const versionRowStyle =
  'flex min-h-8 w-full min-w-0 items-center gap-2 rounded-md px-2 py-1.5 text-left text-[13px] outline-offset-[-2px] hover:bg-sidebar-accent aria-[current=true]:bg-primary-soft max-md:min-h-11'

interface VersionRowProps {
  document: Resource
  version: Version
  shown: boolean
  onShow(): void
}

/** One version: its name or time, and who edited. */
export function VersionRow({ document, version, shown, onShow }: VersionRowProps) {
  const [renaming, setRenaming] = useState(false)
  const row = useRef<HTMLButtonElement>(null)
  const rename = useRenameVersion(document.id)
  const people = peopleIn(version)
  const mayWrite = document.permission === 'write'
  if (renaming)
    return (
      <li className="px-1 py-1">
        <InlineInput
          label="Name of the version"
          initial={version.name ?? ''}
          placeholder="Name of this version"
          maxLength={120}
          onDone={(name) => {
            setRenaming(false)
            focusIfLost(row)
            if (name) rename.mutate({ version: version.id, name })
          }}
        />
      </li>
    )
  return (
    <li className="group/row relative">
      <button
        ref={row}
        type="button"
        data-testid="version"
        aria-current={shown || undefined}
        onClick={onShow}
        className={cn(versionRowStyle, mayWrite && 'pr-8 pointer-coarse:pr-11')}
      >
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5">
            {version.reason === 'named' || version.name ? (
              <Bookmark aria-hidden className="size-3.5 shrink-0 fill-primary text-primary" />
            ) : null}
            <span dir="auto" className={cn('truncate', version.name && 'font-medium')}>
              {version.name ?? (version.reason === 'before-restore' ? nameOf(version) : clockOf(version.at))}
            </span>
          </span>
          <span className="block truncate text-muted-foreground text-xs">
            {[version.name || version.reason === 'before-restore' ? clockOf(version.at) : null, people]
              .filter(Boolean)
              .join(' · ') || '\u00a0'}
          </span>
        </span>
        <span className="flex shrink-0">
          {version.people.slice(0, 3).map((person) => (
            <Avatar
              key={person.id}
              name={person.name}
              color={person.color}
              className="-ml-1.5 size-5 text-[9px] ring-2 ring-sidebar first:ml-0"
            />
          ))}
        </span>
      </button>
      {mayWrite ? (
        <div className={rowActions}>
          <Menu
            align="end"
            trigger={
              <Button
                variant="ghost"
                size="iconSmall"
                aria-label={`Options of ${nameOf(version)}`}
                className="max-md:size-9"
              >
                <Ellipsis />
              </Button>
            }
          >
            <MenuItem onClick={() => setRenaming(true)}>
              <Pencil />
              {version.name ? 'Rename' : 'Name this version'}
            </MenuItem>
            {version.name ? (
              <MenuItem onClick={() => rename.mutate({ version: version.id, name: null })}>
                <BookmarkMinus />
                Remove name
              </MenuItem>
            ) : null}
          </Menu>
        </div>
      ) : null}
    </li>
  )
}

'use client'
import { Dialog } from '@base-ui/react/dialog'
import { kinds } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { House, Search, Settings } from 'lucide-react'
import { useParams, useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { editors } from '../editors/editors.ts'
import { cn } from '../ui/classes.ts'
import { backdropStyle, popupStyle } from '../ui/dialog.tsx'
import { useCreateDocument } from './changes.ts'
import { documentsQuery, projectsQuery } from './queries.ts'
import { themes } from './theme.tsx'
import { useWorkspace } from './workspace.tsx'

const RECENT = 5

interface PaletteProps {
  open: boolean
  onOpenChange(open: boolean): void
}

/** Mod-K: opens and creates documents, goes places, switches the theme. */
export function Palette({ open, onOpenChange }: PaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropStyle} />
        <Dialog.Popup
          aria-label="Command palette"
          className={cn(popupStyle, 'top-[14dvh] max-w-xl overflow-hidden max-sm:top-4')}
        >
          <Commands close={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** Every word typed must occur; what begins with them comes first. */
function rank(value: string, search: string): number {
  const text = value.toLowerCase()
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.every((word) => text.includes(word))) return 0
  return text.startsWith(words.join(' ')) ? 1 : words.every((word) => ` ${text}`.includes(` ${word}`)) ? 0.8 : 0.5
}

const groupStyle =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted-foreground [&_[cmdk-group-heading]]:text-xs'

function Commands({ close }: { close(): void }) {
  const [search, setSearch] = useState('')
  const { organization } = useWorkspace()
  const id = organization?.id ?? ''
  const documents = useQuery({ ...documentsQuery(id), enabled: id !== '' })
  const projects = useQuery({ ...projectsQuery(id), enabled: id !== '' })
  const create = useCreateDocument()
  const router = useRouter()
  const params = useParams<{ id?: string }>()
  const { setTheme } = useTheme()
  const here = documents.data?.find((document) => document.id === params.id)?.projectId
  const projectId = here ?? projects.data?.[0]?.id
  const newest = [...(documents.data ?? [])].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  // Before anything is typed the actions stay in sight.
  const recent = search.trim() === '' ? newest.slice(0, RECENT) : newest
  const run = (action: () => void) => () => {
    close()
    action()
  }
  return (
    <Command label="Command palette" loop filter={rank}>
      <div className="flex items-center gap-2.5 border-b px-3.5">
        <Search aria-hidden className="size-4 shrink-0 text-faint" />
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder="Search documents and commands…"
          className="h-12 w-full bg-transparent text-[15px] outline-none placeholder:text-placeholder"
        />
      </div>
      <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto overscroll-contain p-1.5">
        <Command.Empty className="px-3 py-10 text-center text-muted-foreground">Nothing found.</Command.Empty>
        {recent.length > 0 ? (
          <Command.Group heading="Documents" className={groupStyle}>
            {recent.map((document) => {
              const { icon: Icon, untitled } = editors[document.kind]
              const project = projects.data?.find((one) => one.id === document.projectId)?.name
              return (
                <Entry
                  key={document.id}
                  value={`${document.title || untitled} ${document.id}`}
                  onSelect={run(() => router.push(`/d/${document.id}`))}
                  hint={project}
                >
                  <Icon />
                  <span dir="auto" className="truncate">
                    {document.title || untitled}
                  </span>
                </Entry>
              )
            })}
          </Command.Group>
        ) : null}
        <Command.Group heading="Actions" className={groupStyle}>
          {projectId && organization?.role !== 'guest'
            ? kinds.map((kind) => {
                const { icon: Icon, label } = editors[kind]
                return (
                  <Entry
                    key={kind}
                    value={`New ${label} create`}
                    onSelect={run(() => create.mutate({ projectId, kind }))}
                  >
                    <Icon />
                    New {label}
                  </Entry>
                )
              })
            : null}
          <Entry value="Go home" onSelect={run(() => router.push('/home'))}>
            <House />
            Go home
          </Entry>
          <Entry value="Settings account" onSelect={run(() => router.push('/settings'))}>
            <Settings />
            Settings
          </Entry>
          {themes.map(({ value, label, icon: Icon }) => (
            <Entry key={value} value={`Theme ${label}`} onSelect={run(() => setTheme(value))}>
              <Icon />
              Theme: {label}
            </Entry>
          ))}
        </Command.Group>
      </Command.List>
    </Command>
  )
}

interface EntryProps {
  value: string
  onSelect(): void
  hint?: string | undefined
  children: ReactNode
}

function Entry({ value, onSelect, hint, children }: EntryProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 text-[13px] data-[selected=true]:bg-accent max-sm:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground"
    >
      {children}
      {hint ? <span className="ml-auto max-w-[40%] truncate pl-3 text-muted-foreground text-xs">{hint}</span> : null}
    </Command.Item>
  )
}

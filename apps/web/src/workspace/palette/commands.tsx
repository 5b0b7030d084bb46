'use client'
import { colorOf, kinds, type Resource } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Bell, House, LoaderCircle, type LucideIcon, Search, Settings, Trash2 } from 'lucide-react'
import { useParams, useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { failureOf } from '../../api.ts'
import { editors } from '../../editors/editors.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { cn } from '../../ui/classes.ts'
import { useCreateDocument } from '../changes.ts'
import { DocumentIcon } from '../document-icon.tsx'
import { documentQuery, membersQuery, projectsQuery, recentQuery, searchQuery } from '../queries.ts'
import { themes } from '../theme.tsx'
import { nameOf } from '../titles.ts'
import { useWorkspace } from '../workspace.tsx'
import { fitting } from './actions.ts'
import { Entry, Marked } from './entry.tsx'
import { useSettled } from './settled.ts'

const RECENT = 6
const PEOPLE = 5
/** The server is asked once typing pauses for this long, in milliseconds. */
const PAUSE_MS = 160

const groupStyle =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted-foreground [&_[cmdk-group-heading]]:text-xs'

interface Action {
  id: string
  label: string
  /** By what it is found. */
  words: string
  icon: LucideIcon
  run(): void
}

/** The field of the palette and what it finds. */
export function Commands({ close }: { close(): void }) {
  const [typed, setTyped] = useState('')
  const [composing, setComposing] = useState(false)
  const router = useRouter()
  const { organization, open: opened } = useWorkspace()
  const id = opened?.id ?? ''
  const words = useSettled(typed.trim(), PAUSE_MS, composing)
  const recent = useQuery({ ...recentQuery(id), enabled: id !== '' })
  const search = useQuery({ ...searchQuery(id, words), enabled: id !== '' && words !== '' })
  const members = useQuery({
    ...membersQuery(organization?.id ?? ''),
    enabled: organization !== undefined && words !== '',
  })
  const actions = fitting(useActions(), words)
  const hits = words === '' ? [] : (search.data ?? [])
  const people =
    words === ''
      ? []
      : fitting(
          (members.data ?? []).map((one) => ({ ...one, words: `${one.name} ${one.email}` })),
          words,
        )
  const failure = words === '' ? null : failureOf(search)
  const searching = words !== '' && (search.isFetching || typed.trim() !== words)
  const run = (action: () => void) => () => {
    close()
    action()
  }
  const recents = words === '' ? (recent.data ?? []).slice(0, RECENT) : []
  const shown = [
    ...recents.map(({ id }) => `recent ${id}`),
    ...hits.map(({ document }) => `document ${document.id}`),
    ...people.slice(0, PEOPLE).map(({ userId }) => `person ${userId}`),
    ...actions.map(({ id }) => `action ${id}`),
  ]
  const first = shown[0] ?? ''
  const [chosen, setChosen] = useState(first)
  // What comes from the server later than the letters would else be chosen by nobody.
  const current = shown.includes(chosen) ? chosen : first
  const lastWords = useRef(words)
  useEffect(() => {
    if (lastWords.current !== words) setChosen('')
    lastWords.current = words
  }, [words])
  const open = (document: Resource) => run(() => router.push(`/d/${document.id}`))
  return (
    // The server chooses the documents, we the rest: nothing is filtered a second time.
    <Command label="Command palette" loop shouldFilter={false} value={current} onValueChange={setChosen}>
      <div className="flex items-center gap-2.5 border-b px-3.5">
        {searching ? (
          <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-faint" />
        ) : (
          <Search aria-hidden className="size-4 shrink-0 text-faint" />
        )}
        <Command.Input
          autoFocus
          value={typed}
          onValueChange={setTyped}
          onCompositionStart={() => setComposing(true)}
          onCompositionEnd={() => setComposing(false)}
          maxLength={200}
          placeholder="Search documents, people and commands…"
          className="h-12 w-full bg-transparent text-[15px] outline-none placeholder:text-placeholder"
        />
      </div>
      {failure ? (
        <p role="alert" className="px-4.5 pt-3.5 text-[13px] text-muted-foreground">
          Documents cannot be searched now: {messageOf(failure)}
        </p>
      ) : null}
      {shown.length === 0 && !searching ? (
        <p role="status" className="px-4.5 py-11.5 text-center text-muted-foreground">
          Nothing found for “{typed.trim()}”.
        </p>
      ) : null}
      <Command.List
        className={cn('max-h-[min(26rem,60dvh)] overflow-y-auto overscroll-contain', shown.length > 0 && 'p-1.5')}
      >
        {recents.length > 0 ? (
          <Command.Group heading="Recent" className={groupStyle}>
            {recents.map((document) => (
              <Entry key={document.id} value={`recent ${document.id}`} onSelect={open(document)}>
                <DocumentIcon document={document} />
                <span dir="auto" className="truncate">
                  {nameOf(document)}
                </span>
              </Entry>
            ))}
          </Command.Group>
        ) : null}
        {hits.length > 0 ? (
          <Command.Group heading="Documents" className={groupStyle}>
            {hits.map(({ document, title, excerpt, path }) => (
              <Entry key={document.id} value={`document ${document.id}`} onSelect={open(document)}>
                <DocumentIcon document={document} />
                <span className="min-w-0 flex-1">
                  <span dir="auto" className="block truncate text-left">
                    {document.title ? <Marked parts={title} /> : nameOf(document)}
                  </span>
                  {excerpt.length > 0 ? (
                    <span dir="auto" className="block truncate text-left text-muted-foreground text-xs">
                      <Marked parts={excerpt} />
                    </span>
                  ) : null}
                </span>
                <span className="max-w-[35%] shrink-0 truncate pl-2 text-muted-foreground text-xs">
                  {path.join(' / ')}
                </span>
              </Entry>
            ))}
          </Command.Group>
        ) : null}
        {people.length > 0 ? (
          <Command.Group heading="People" className={groupStyle}>
            {people.slice(0, PEOPLE).map((one) => (
              <Entry
                key={one.userId}
                value={`person ${one.userId}`}
                onSelect={run(() => router.push('/settings/members'))}
                hint={one.email}
              >
                <Avatar name={one.name} image={one.image} color={colorOf(one.userId)} className="size-5 text-[9px]" />
                <span dir="auto" className="truncate">
                  {one.name}
                </span>
              </Entry>
            ))}
          </Command.Group>
        ) : null}
        {actions.length > 0 ? (
          <Command.Group heading="Actions" className={groupStyle}>
            {actions.map(({ id, label, icon: Icon, run: act }) => (
              <Entry key={id} value={`action ${id}`} onSelect={run(act)}>
                <Icon />
                {label}
              </Entry>
            ))}
          </Command.Group>
        ) : null}
      </Command.List>
    </Command>
  )
}

/** What can be done from anywhere. */
function useActions(): Action[] {
  const { open } = useWorkspace()
  const id = open?.id ?? ''
  const router = useRouter()
  const create = useCreateDocument()
  const { setTheme } = useTheme()
  const params = useParams<{ id?: string }>()
  const here = useQuery({ ...documentQuery(params.id ?? ''), enabled: params.id !== undefined })
  const projects = useQuery({ ...projectsQuery(id), enabled: id !== '' })
  const writable = projects.data?.filter(({ level }) => level === 'edit' || level === 'manage')
  const project = writable?.find((one) => one.id === here.data?.projectId) ?? writable?.[0]
  const go = (path: string, label: string, icon: LucideIcon, words: string): Action => ({
    id: path,
    label,
    words: `${label} ${words}`,
    icon,
    run: () => router.push(path),
  })
  return [
    ...(project
      ? kinds.map((kind) => ({
          id: `new-${kind}`,
          label: `New ${editors[kind].label}`,
          words: `New ${editors[kind].label} create ${kind}`,
          icon: editors[kind].icon,
          run: () => create.mutate({ projectId: project.id, kind }),
        }))
      : []),
    go('/home', 'Go home', House, 'start recent'),
    go('/inbox', 'Inbox', Bell, 'notifications mentions'),
    go('/trash', 'Trash', Trash2, 'deleted restore'),
    go('/settings', 'Settings', Settings, 'account members teams organization'),
    ...themes.map(({ value, label, icon }) => ({
      id: `theme-${value}`,
      label: `Theme: ${label}`,
      words: `Theme ${label} mode`,
      icon,
      run: () => setTheme(value),
    })),
  ]
}

'use client'
import type { Resource } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { FilePlus2, ServerCrash } from 'lucide-react'
import Link from 'next/link'
import { messageOf } from '../account/problems.ts'
import { failureOf } from '../api.ts'
import { CopiesList } from '../collaboration/copies/copies-list.tsx'
import { editors } from '../editors/editors.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { CreateCards } from './create.tsx'
import { documentsQuery, projectsQuery } from './queries.ts'
import { agoOf } from './time.ts'
import { Topbar } from './topbar.tsx'
import { useWorkspace } from './workspace.tsx'

/** The workspace's first page: what was changed last, and a way to begin. */
export function Home() {
  const { me, organization } = useWorkspace()
  const id = organization?.id ?? ''
  const documents = useQuery({ ...documentsQuery(id), enabled: id !== '' })
  const projects = useQuery({ ...projectsQuery(id), enabled: id !== '' })
  const failure = failureOf(documents)
  const first = projects.data?.[0]
  const mayCreate = organization !== undefined && organization.role !== 'guest'
  const recent = [...(documents.data ?? [])].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)).slice(0, 24)
  return (
    <>
      <Topbar>
        <span className="truncate font-medium text-[13px]">Home</span>
      </Topbar>
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <div className="mx-auto w-full max-w-3xl px-4 pt-10 pb-20 md:px-8 md:pt-14">
          <h1 className="break-words font-semibold text-2xl tracking-[-0.022em]">Hello, {me.name.split(/\s+/)[0]}</h1>
          <p className="mt-1 truncate text-muted-foreground">{organization?.name ?? '\u00a0'}</p>
          {mayCreate ? (
            <div className="mt-8">
              <CreateCards projectId={first?.id} />
            </div>
          ) : null}
          <CopiesList />
          <h2 className="mt-10 mb-2 font-medium text-[13px] text-muted-foreground">Recent</h2>
          {failure ? (
            <Blank
              icon={ServerCrash}
              title="This list cannot be shown now"
              actions={
                <Button variant="outline" onClick={() => void documents.refetch()}>
                  Retry
                </Button>
              }
            >
              {messageOf(failure)}
            </Blank>
          ) : !documents.data ? (
            <div className="grid gap-1">
              {['a', 'b', 'c', 'd'].map((key) => (
                <Skeleton key={key} className="h-12" />
              ))}
            </div>
          ) : recent.length === 0 ? (
            <Blank icon={FilePlus2} title="Nothing here yet" className="rounded-xl border border-dashed sm:max-w-none">
              {mayCreate
                ? 'Create something above and invite someone: you will see each other work.'
                : 'What others make here appears as soon as it is there.'}
            </Blank>
          ) : (
            <ul className="-mx-3 flex flex-col">
              {recent.map((document) => (
                <RecentDocument
                  key={document.id}
                  document={document}
                  project={projects.data?.find((project) => project.id === document.projectId)?.name}
                />
              ))}
            </ul>
          )}
        </div>
      </main>
    </>
  )
}

function RecentDocument({ document, project }: { document: Resource; project: string | undefined }) {
  const { icon: Icon, untitled } = editors[document.kind]
  return (
    <li>
      <Link
        href={`/d/${document.id}`}
        prefetch={false}
        className="flex min-h-12 items-center gap-3 rounded-lg px-3 py-2 hover:bg-accent/70"
      >
        <span className="grid size-8 shrink-0 place-items-center rounded-lg border bg-card shadow-soft">
          <Icon aria-hidden className="size-4 text-muted-foreground" strokeWidth={1.75} />
        </span>
        <span className="min-w-0 flex-1">
          <span
            dir="auto"
            className={cn('block truncate text-left', document.title ? 'font-medium' : 'text-muted-foreground')}
          >
            {document.title || untitled}
          </span>
          <span className="block truncate text-muted-foreground text-xs">{project ?? '\u00a0'}</span>
        </span>
        <time
          dateTime={document.updatedAt}
          title={new Date(document.updatedAt).toLocaleString()}
          className="shrink-0 text-muted-foreground text-xs tabular-nums"
        >
          {agoOf(document.updatedAt)}
        </time>
      </Link>
    </li>
  )
}

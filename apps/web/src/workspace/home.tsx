'use client'
import type { Resource } from '@realtime/contracts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { FilePlus2 } from 'lucide-react'
import Link from 'next/link'
import { failureOf } from '../api.ts'
import { CopiesList } from '../collaboration/copies/copies-list.tsx'
import { Blank } from '../ui/blank.tsx'
import { cn } from '../ui/classes.ts'
import { ClosedOrganization } from './closed-organization.tsx'
import { CreateCards } from './create.tsx'
import { DocumentIcon } from './document-icon.tsx'
import { RowsSkeleton } from './listing-page.tsx'
import { documentsOf } from './lists.ts'
import { NotShown } from './not-shown.tsx'
import { branchQuery, projectsQuery, recentQuery } from './queries.ts'
import { agoOf } from './time.ts'
import { nameOf } from './titles.ts'
import { Topbar } from './topbar.tsx'
import { useWorkspace } from './workspace.tsx'

/** The workspace's first page: what one opened last, and a way to begin. */
export function Home() {
  const { me, organization, open } = useWorkspace()
  const id = open?.id ?? ''
  const recent = useQuery({ ...recentQuery(id), enabled: id !== '' })
  const projects = useQuery({ ...projectsQuery(id), enabled: id !== '' })
  const writable = projects.data?.find((project) => project.level !== 'view' && project.level !== 'comment')
  const mayCreate = open !== undefined && open.role !== 'guest'
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
              <CreateCards projectId={writable?.id} />
            </div>
          ) : null}
          <CopiesList />
          {organization?.deletedAt ? (
            <ClosedOrganization />
          ) : recent.data?.length === 0 && projects.data ? (
            <Beginning organization={id} project={projects.data[0]?.id} mayCreate={mayCreate} />
          ) : (
            <>
              <h2 className="mt-10 mb-2 font-medium text-[13px] text-muted-foreground">Recent</h2>
              {failureOf(recent) ? (
                <NotShown error={failureOf(recent)} retry={() => void recent.refetch()} />
              ) : recent.data ? (
                <Documents documents={recent.data} />
              ) : (
                <RowsSkeleton />
              )}
            </>
          )}
        </div>
      </main>
    </>
  )
}

/** Before anything was opened: what is there to begin with. */
function Beginning({
  organization,
  project,
  mayCreate,
}: {
  organization: string
  project: string | undefined
  mayCreate: boolean
}) {
  const branch = useInfiniteQuery({
    ...branchQuery(organization, { projectId: project ?? '', parentId: null }),
    enabled: project !== undefined,
  })
  const documents = project === undefined ? [] : documentsOf(branch.data)
  return (
    <>
      <h2 className="mt-10 mb-2 font-medium text-[13px] text-muted-foreground">
        {documents && documents.length > 0 ? 'Start here' : 'Recent'}
      </h2>
      {!documents ? (
        <RowsSkeleton />
      ) : documents.length > 0 ? (
        <Documents documents={documents.slice(0, 8)} />
      ) : (
        <Blank icon={FilePlus2} title="Nothing here yet" className="rounded-xl border border-dashed sm:max-w-none">
          {mayCreate
            ? 'Create something above and invite someone: you will see each other work.'
            : 'What others make here appears as soon as it is there.'}
        </Blank>
      )}
    </>
  )
}

function Documents({ documents }: { documents: Resource[] }) {
  const { organization } = useWorkspace()
  const projects = useQuery({ ...projectsQuery(organization?.id ?? ''), enabled: organization !== undefined })
  return (
    <ul className="-mx-3 flex flex-col">
      {documents.map((document) => (
        <DocumentRow
          key={document.id}
          document={document}
          project={projects.data?.find((project) => project.id === document.projectId)?.name}
        />
      ))}
    </ul>
  )
}

function DocumentRow({ document, project }: { document: Resource; project: string | undefined }) {
  return (
    <li>
      <Link
        href={`/d/${document.id}`}
        prefetch={false}
        className="flex min-h-12 items-center gap-3 rounded-lg px-3 py-2 hover:bg-accent/70"
      >
        <span className="grid size-8 shrink-0 place-items-center rounded-lg border bg-card shadow-soft">
          <DocumentIcon document={document} className="text-muted-foreground" />
        </span>
        <span className="min-w-0 flex-1">
          <span
            dir="auto"
            className={cn('block truncate text-left', document.title ? 'font-medium' : 'text-muted-foreground')}
          >
            {nameOf(document)}
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

'use client'
import { Problem, type Resource } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { FileX2, ServerCrash } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { messageOf } from '../account/problems.ts'
import { failureOf, isPassing, isUnauthenticated } from '../api.ts'
import { editors } from '../editors/editors.ts'
import { Blank } from '../ui/blank.tsx'
import { Button, buttonStyle } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TextSkeleton } from '../ui/text-skeleton.tsx'
import { chooseOrganization, rememberDocument } from '../workspace/current.ts'
import { documentQuery, projectsQuery } from '../workspace/queries.ts'
import { Topbar } from '../workspace/topbar.tsx'
import { useWorkspace } from '../workspace/workspace.tsx'
import { PageActionsSlot } from './page-actions.tsx'
import { Presence } from './presence.tsx'
import { SaveState } from './save-state.tsx'
import { Share } from './share.tsx'
import { Surface } from './surface.tsx'
import { identityOf, useSession } from './use-session.ts'

/** A document: its header, and its content as its kind shows it. */
export function DocumentPage({ id }: { id: string }) {
  const { me, organizations } = useWorkspace()
  const query = useQuery(documentQuery(id))
  const session = useSession(id, me)
  const document = query.data
  const gone = isGone(query.error) || (!document && isGone(session.failure?.error))
  const organizationId = document?.organizationId
  const [actions, setActions] = useState<HTMLElement | null>(null)
  const organization = organizations?.find((one) => one.id === organizationId)
  const projects = useQuery({ ...projectsQuery(organizationId ?? ''), enabled: organizationId !== undefined })
  const project = projects.data?.find((one) => one.id === document?.projectId)

  useEffect(() => {
    if (!organizationId) return
    chooseOrganization(organizationId)
    rememberDocument(id)
  }, [organizationId, id])
  useEffect(() => {
    if (gone) rememberDocument(null)
  }, [gone])
  const name = document ? document.title || editors[document.kind].untitled : null
  useEffect(() => {
    if (name) window.document.title = `${name} · Realtime Collaborator`
  }, [name])

  if (gone) return <Gone />
  // A part that restarts is back before it is worth a word.
  const unread = session.failure && (session.failure.times > 2 || !isPassing(session.failure.error))
  const error = failureOf(query) ?? (unread ? session.failure?.error : null)
  return (
    <>
      <Topbar>
        <div className="flex min-w-0 flex-1 items-center gap-1.5 text-[13px]">
          {project ? (
            <>
              <span className="max-w-40 truncate text-muted-foreground max-md:hidden">{project.name}</span>
              <span aria-hidden className="text-faint max-md:hidden">
                /
              </span>
            </>
          ) : null}
          <h1 dir="auto" className="truncate font-medium">
            {name}
          </h1>
          {document?.permission === 'read' ? (
            <span className="shrink-0 rounded border px-1.5 py-px text-muted-foreground text-xs">Read-only</span>
          ) : null}
        </div>
        {session.state ? <SaveState state={session.state} /> : null}
        {session.opened ? <Presence awareness={session.opened.provider.awareness} self={identityOf(me)} /> : null}
        <div ref={setActions} className="flex items-center gap-1 empty:hidden" />
        {document ? <Share organization={organization} /> : null}
      </Topbar>
      {error ? (
        <Failed
          error={error}
          retry={() => {
            if (!document) void query.refetch()
            session.retry()
          }}
        />
      ) : document && session.opened && session.state ? (
        <PageActionsSlot value={actions}>
          <Surface
            document={document}
            doc={session.opened.doc}
            provider={session.opened.provider}
            state={session.state}
            self={identityOf(me)}
            retry={session.retry}
          />
        </PageActionsSlot>
      ) : (
        <Loading document={document} />
      )}
    </>
  )
}

function isGone(error: unknown): boolean {
  return (
    error instanceof Problem &&
    (error.key === 'not-found' || error.key === 'forbidden' || error.key === 'invalid-input')
  )
}

function Loading({ document }: { document: Resource | undefined }) {
  return (
    <main id="main" tabIndex={-1} aria-busy className="min-h-0 flex-1 overflow-hidden outline-none">
      <div className="page-column">
        {document ? (
          <p
            dir="auto"
            className="break-words font-bold text-[2rem] leading-[1.2] tracking-[-0.025em] max-sm:text-[1.7rem]"
          >
            {document.title || <span className="text-placeholder/85">{editors[document.kind].untitled}</span>}
          </p>
        ) : (
          <Skeleton className="h-9 w-2/3" />
        )}
        <TextSkeleton />
      </div>
      <span role="status" className="sr-only">
        Loading the document
      </span>
    </main>
  )
}

function Failed({ error, retry }: { error: unknown; retry(): void }) {
  const ended = isUnauthenticated(error)
  return (
    <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
      <Blank
        page
        icon={ServerCrash}
        title={ended ? 'Your session has ended' : 'The document cannot be opened now'}
        className="pt-28"
        actions={
          ended ? (
            <Button onClick={() => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`)}>
              Sign in
            </Button>
          ) : (
            <Button onClick={retry}>Retry</Button>
          )
        }
      >
        {messageOf(error)}
      </Blank>
    </main>
  )
}

function Gone() {
  return (
    <>
      <Topbar>
        <span className="font-medium text-[13px]">Not found</span>
      </Topbar>
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Blank
          page
          icon={FileX2}
          title="This document does not exist, or you have no access"
          className="pt-28"
          actions={
            <Link href="/home" className={buttonStyle({ variant: 'outline' })}>
              Go home
            </Link>
          }
        >
          It may have been moved to the trash. If someone sent you the link, ask them to invite you to their
          organization.
        </Blank>
      </main>
    </>
  )
}

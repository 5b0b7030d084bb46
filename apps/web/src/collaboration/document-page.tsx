'use client'
import { Problem, type Version } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { failureOf, isPassing, isUnauthenticated } from '../api.ts'
import { type EditorHandle, editors } from '../editors/editors.ts'
import { focusIfLost } from '../history/focus.ts'
import { HistoryPanel } from '../history/panel.tsx'
import { VersionView } from '../history/version-view.tsx'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useVisit } from '../visiting/visit-context.ts'
import { chooseOrganization, rememberDocument } from '../workspace/current.ts'
import { documentQuery, organizationsQuery, projectsQuery } from '../workspace/queries.ts'
import { Topbar } from '../workspace/topbar.tsx'
import { useVisited } from '../workspace/visits.ts'
import { useWorkspace } from '../workspace/workspace.tsx'
import { aboutOf } from './copies/about.ts'
import { CopiesNotice } from './copies/copies-notice.tsx'
import { CopyView } from './copies/copy-view.tsx'
import { useCopies, useSetAsideGone } from './copies/queries.ts'
import { BarIcon } from './header/bar-icon.tsx'
import { Breadcrumbs } from './header/breadcrumbs.tsx'
import { StarButton } from './header/star.tsx'
import { PageActionsSlot } from './page-actions.tsx'
import { Failed, Gone, LinkEnded, Loading } from './page-states.tsx'
import { Presence } from './presence.tsx'
import { SaveState } from './save-state.tsx'
import { ShareButton } from './share/share-button.tsx'
import { Surface } from './surface.tsx'
import { BarTitle } from './title.tsx'
import { identityOf, useSession } from './use-session.ts'

/** How often a visitor's page asks for the title and what the link still gives, in milliseconds. */
const VISITOR_LOOKS_MS = 10_000

/** A document: its header, and its content as its kind shows it. */
export function DocumentPage({ id }: { id: string }) {
  const { me } = useWorkspace()
  const visit = useVisit()
  const ended = visit?.ended ?? null
  const client = useQueryClient()
  // Visitors hear no news of the organization: they look now and then.
  const query = useQuery({ ...documentQuery(id), refetchInterval: visit && !ended ? VISITOR_LOOKS_MS : false })
  const stored = query.data
  const about = useMemo(() => (stored ? aboutOf(stored) : null), [stored])
  const session = useSession(id, me, about, ended ?? (isGone(query.error) ? query.error : null))
  // The socket hears of it first when somebody may write, or may write no more.
  const permission = session.state?.permission ?? stored?.permission
  const document = useMemo(() => (stored && permission ? { ...stored, permission } : undefined), [stored, permission])
  const gone = ended !== null || isGone(query.error) || (!document && isGone(session.failure?.error))
  const organizationId = document?.organizationId
  const copies = useCopies(me.id, id, session.copies)
  useSetAsideGone(me.id, id, ended !== null || isGone(session.failure?.error))
  const [copy, setCopy] = useState<string | null>(null)
  const handle = useRef<EditorHandle>(null)
  const [history, setHistory] = useState(false)
  const [version, setVersion] = useState<Version | null>(null)
  const [actions, setActions] = useState<HTMLElement | null>(null)
  const historyButton = useRef<HTMLButtonElement>(null)
  const projects = useQuery({ ...projectsQuery(organizationId ?? ''), enabled: organizationId !== undefined && !visit })
  const project = projects.data?.find((one) => one.id === document?.projectId)

  const visiting = visit !== null
  useEffect(() => {
    if (!organizationId || visiting) return
    chooseOrganization(organizationId)
    rememberDocument(id)
  }, [organizationId, id, visiting])
  useVisited(visiting ? undefined : stored)
  useEffect(() => {
    if (gone && !visiting) rememberDocument(null)
  }, [gone, visiting])
  const refused = session.state?.phase === 'refused' || isUnauthenticated(session.state?.problem) || isGone(query.error)
  const checkLink = visit?.check
  useEffect(() => {
    if (refused) checkLink?.()
  }, [refused, checkLink])
  useEffect(() => {
    if (!stored || permission === stored.permission) return
    void client.invalidateQueries({ queryKey: documentQuery(id).queryKey })
    if (!visiting) void client.invalidateQueries({ queryKey: organizationsQuery.queryKey })
  }, [client, id, permission, stored, visiting])
  const name = document ? document.title || editors[document.kind].untitled : null
  useEffect(() => {
    if (name) window.document.title = `${name} · Realtime Collaborator`
  }, [name])

  if (gone) return visit ? <LinkEnded copies={copies} /> : <Gone copies={copies} />
  const viewing = copy !== null && copies.length > 0
  // A part that restarts is back before it is worth a word.
  const unread = session.failure && (session.failure.times > 2 || !isPassing(session.failure.error))
  const error = failureOf(query) ?? (unread ? session.failure?.error : null)
  return (
    <>
      <Topbar>
        <div className="flex min-w-0 flex-1 items-center gap-1.5 text-[13px]">
          {document && !visit ? <Breadcrumbs document={document} project={project} /> : null}
          {document ? <BarIcon document={document} /> : null}
          {document && editors[document.kind].layout === 'full' ? (
            <>
              <h1 className="sr-only">{name}</h1>
              <BarTitle document={document} onLeave={() => handle.current?.focusStart()} />
            </>
          ) : (
            <h1 dir="auto" className="truncate font-medium">
              {name}
            </h1>
          )}
          {document?.permission === 'read' ? (
            <span className="shrink-0 rounded border px-1.5 py-px text-muted-foreground text-xs">Read-only</span>
          ) : null}
        </div>
        {session.state ? <SaveState state={session.state} /> : null}
        {session.opened ? <Presence awareness={session.opened.provider.awareness} self={identityOf(me)} /> : null}
        <div ref={setActions} className="flex items-center gap-1 empty:hidden" />
        {document && !visit ? <StarButton document={document} /> : null}
        {document && !visit ? (
          <Tooltip content="Version history">
            <Button
              ref={historyButton}
              variant="ghost"
              size="icon"
              aria-label="Version history"
              aria-pressed={history}
              className="aria-pressed:bg-accent aria-pressed:text-foreground max-md:size-9"
              onClick={() => {
                setHistory(!history)
                setVersion(null)
              }}
            >
              <History />
            </Button>
          </Tooltip>
        ) : null}
        {document && !visit ? <ShareButton document={document} /> : null}
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
        <div className="flex min-h-0 flex-1 max-md:flex-col">
          <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
            <PageActionsSlot value={actions}>
              {/* It stays while a version is looked at: its undo history and what it has not yet sent stay with it. */}
              <div inert={version !== null || viewing} className="flex min-h-0 flex-1 flex-col">
                <CopiesNotice
                  copies={copies}
                  onView={(one) => {
                    setCopy(one.id)
                    setVersion(null)
                  }}
                />
                <Surface
                  key={session.opened.doc.guid}
                  document={document}
                  doc={session.opened.doc}
                  provider={session.opened.provider}
                  state={session.state}
                  self={identityOf(me)}
                  handle={handle}
                  retry={session.retry}
                />
              </div>
            </PageActionsSlot>
            {viewing && copy ? (
              <CopyView copies={copies} shown={copy} onShow={(one) => setCopy(one.id)} onLeave={() => setCopy(null)} />
            ) : null}
            {version ? (
              <VersionView
                document={document}
                version={version}
                onLeave={() => {
                  setVersion(null)
                  focusIfLost(historyButton)
                }}
              />
            ) : null}
          </div>
          {history ? (
            <HistoryPanel
              document={document}
              shown={version}
              onShow={(one) => {
                setVersion(one)
                setCopy(null)
              }}
              onClose={() => {
                setHistory(false)
                setVersion(null)
                historyButton.current?.focus()
              }}
            />
          ) : null}
        </div>
      ) : (
        <Loading document={document} />
      )}
    </>
  )
}

function isGone(error: unknown): error is Problem {
  return (
    error instanceof Problem &&
    (error.key === 'not-found' || error.key === 'forbidden' || error.key === 'invalid-input')
  )
}

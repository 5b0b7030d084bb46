'use client'
import { Problem } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { failureOf, isPassing, isUnauthenticated } from '../api.ts'
import { editors } from '../editors/editors.ts'
import { useVisit } from '../visiting/visit-context.ts'
import { chooseOrganization, rememberDocument } from '../workspace/current.ts'
import { documentQuery, organizationsQuery } from '../workspace/queries.ts'
import { useVisited } from '../workspace/visits.ts'
import { useWorkspace } from '../workspace/workspace.tsx'
import { aboutOf } from './copies/about.ts'
import { useCopies, useSetAsideGone } from './copies/queries.ts'
import { useSession } from './use-session.ts'

/** How often a visitor's page asks for the title and what the link still gives, in milliseconds. */
const VISITOR_LOOKS_MS = 10_000

/** A document that a page shows: what is known of it, its content, and whether it is still there for whoever looks. */
export function useOpenDocument(id: string) {
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

  // A part that restarts is back before it is worth a word.
  const unread = session.failure && (session.failure.times > 2 || !isPassing(session.failure.error))
  return {
    document,
    session,
    gone,
    copies,
    /** Why it cannot be shown; null while it can, or may still come. */
    error: failureOf(query) ?? (unread ? session.failure?.error : null),
    retry() {
      if (!document) void query.refetch()
      session.retry()
    },
  }
}

export type OpenDocument = ReturnType<typeof useOpenDocument>

function isGone(error: unknown): error is Problem {
  return (
    error instanceof Problem &&
    (error.key === 'not-found' || error.key === 'forbidden' || error.key === 'invalid-input')
  )
}

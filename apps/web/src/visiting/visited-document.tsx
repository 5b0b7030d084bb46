'use client'
import { Problem } from '@realtime/contracts'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { actAs } from '../api.ts'
import { DocumentPage } from '../collaboration/document-page.tsx'
import type { IssuedToken } from '../tokens.ts'
import { VisitingWorkspace } from '../workspace/workspace.tsx'
import { isOver, openVisit, type Visit, visitorAsUser } from './visit.ts'
import { VisitContext } from './visit-context.ts'

interface VisitedDocumentProps {
  token: string
  visit: Visit
  /** The link has another password by now. */
  onLocked(): void
}

/** The document of a share link, for as long as that lets its visitor in. */
export function VisitedDocument({ token, visit, onLocked }: VisitedDocumentProps) {
  const [ended, setEnded] = useState<Problem | null>(null)
  const first = useRef<IssuedToken | null>(visit.issued)
  const [ready, setReady] = useState(false)
  const me = useMemo(() => visitorAsUser(visit), [visit])

  const check = useRef(async (): Promise<IssuedToken> => {
    try {
      return (await openVisit(token)).issued
    } catch (error) {
      // What was not saved can go nowhere any more, as with a document that is gone.
      if (isOver(error)) setEnded(new Problem('not-found', 'The link does not let you in any more.'))
      if (error instanceof Problem && error.key === 'password-required') onLocked()
      throw error
    }
  })
  // Before anything below asks for a token.
  useLayoutEffect(() => {
    const leave = actAs({
      async fetchToken() {
        const issued = first.current ?? (await check.current())
        first.current = null
        return issued
      },
      ended: () => void check.current().catch(() => {}),
    })
    setReady(true)
    return leave
  }, [])

  const value = useMemo(
    () => ({ name: visit.name, ended, check: () => void check.current().catch(() => {}) }),
    [visit.name, ended],
  )
  if (!ready) return null
  return (
    <VisitContext value={value}>
      <VisitingWorkspace me={me}>
        <div className="flex h-dvh flex-col overflow-hidden">
          <DocumentPage id={visit.documentId} />
        </div>
      </VisitingWorkspace>
    </VisitContext>
  )
}

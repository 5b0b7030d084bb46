'use client'
import { Problem } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ServerCrash } from 'lucide-react'
import { useEffect, useState } from 'react'
import { messageOf } from '../account/problems.ts'
import { visitorQuery } from '../account/queries.ts'
import { failureOf, isFinal } from '../api.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { LinkOver } from './link-over.tsx'
import { keptVisit, openVisit, previewVisit, type Visit } from './visit.ts'
import { VisitedDocument } from './visited-document.tsx'
import { VisitorForm } from './visitor-form.tsx'

/** A share link: asks for what it needs, then opens its one document. */
export function VisitorPage({ token }: { token: string }) {
  const client = useQueryClient()
  const [visit, setVisit] = useState<Visit | null>(null)
  const preview = useQuery({
    queryKey: ['link', token],
    queryFn: ({ signal }) => previewVisit(token, signal),
    enabled: visit === null,
    retry: (count, error) => count < 3 && !isFinal(error),
    gcTime: 0,
  })
  const account = useQuery({ ...visitorQuery, enabled: visit === null })
  const { data } = preview
  const named = account.data?.user.name
  const settled = account.isSuccess || account.isError
  // Who only looks, or was here before, need not say anything.
  const goesIn = data !== undefined && settled && !data.password && (data.level === 'view' || keptVisit(token) !== null)
  const entering = useQuery({
    queryKey: ['link', token, 'open'],
    queryFn: () => openVisit(token, named && !keptVisit(token) ? { name: named } : {}),
    enabled: visit === null && goesIn,
    retry: false,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  useEffect(() => {
    if (entering.data) setVisit(entering.data)
  }, [entering.data])

  if (visit)
    return (
      <VisitedDocument
        key={visit.principal}
        token={token}
        visit={visit}
        onLocked={() => {
          client.removeQueries({ queryKey: ['link', token] })
          setVisit(null)
        }}
      />
    )
  const failure = failureOf(preview) ?? (entering.error && isFinal(entering.error) ? null : entering.error)
  if (failure && isFinal(failure)) return <LinkOver />
  if (failure)
    return (
      <main id="main" className="grid min-h-dvh place-items-center">
        <Blank
          page
          icon={ServerCrash}
          title="The link cannot be opened now"
          actions={<Button onClick={() => void (preview.data ? entering : preview).refetch()}>Retry</Button>}
        >
          {messageOf(failure)}
        </Blank>
      </main>
    )
  const asks = data !== undefined && settled && (!goesIn || entering.error !== null)
  if (!asks)
    return (
      <main id="main" className="grid min-h-dvh place-items-center">
        <Mark className="size-9 animate-[shimmer_1.8s_ease-in-out_infinite]" />
        <span className="sr-only" role="status">
          Loading
        </span>
      </main>
    )
  if (entering.error instanceof Problem && entering.error.key === 'invalid-token') return <LinkOver />
  return <VisitorForm token={token} preview={data} name={named} onOpened={setVisit} />
}

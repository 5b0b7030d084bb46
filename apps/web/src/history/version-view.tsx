'use client'
import type { Resource, Version } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { failureOf } from '../api.ts'
import { StateView, useReplica } from '../collaboration/state-view.tsx'
import { Button } from '../ui/button.tsx'
import { NotShown } from '../workspace/not-shown.tsx'
import { clockOf, nameOf } from './days.ts'
import { useRestore, versionStateQuery } from './queries.ts'

interface VersionViewProps {
  document: Resource
  version: Version
  onLeave(): void
}

/** A version to look at, in the place of the present content. */
export function VersionView({ document, version, onLeave }: VersionViewProps) {
  const query = useQuery(versionStateQuery(document.id, version.id))
  const restore = useRestore(document, onLeave)
  const doc = useReplica(query.data)
  const failure = failureOf(query)
  const instead = failure ? (
    <NotShown what="This version" error={failure} retry={() => void query.refetch()} className="pt-24" />
  ) : undefined
  return (
    <StateView
      label={nameOf(version)}
      testId="version-view"
      kind={document.kind}
      title={document.title}
      documentId={document.id}
      doc={doc}
      stateKey={version.id}
      instead={instead}
      onLeave={onLeave}
      bar={
        <>
          <p className="flex min-w-0 flex-1 gap-x-2 max-sm:flex-col">
            <span dir="auto" className="truncate font-medium max-sm:max-w-full max-sm:self-start">
              {nameOf(version)}
            </span>{' '}
            <span className="shrink-0 text-muted-foreground max-sm:text-xs">
              {new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' }).format(
                new Date(version.at),
              )}
              , {clockOf(version.at)}
            </span>
          </p>
          <Button variant="outline" size="small" onClick={onLeave}>
            Close
          </Button>
          {document.permission === 'write' ? (
            <Button size="small" busy={restore.isPending} disabled={!doc} onClick={() => restore.mutate(version)}>
              Restore
            </Button>
          ) : null}
        </>
      }
    />
  )
}

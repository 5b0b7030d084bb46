'use client'
import type { Resource, Version } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { ServerCrash } from 'lucide-react'
import { useEffect, useState } from 'react'
import * as Y from 'yjs'
import { messageOf } from '../account/problems.ts'
import { failureOf } from '../api.ts'
import { editors } from '../editors/editors.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { StageSkeleton } from '../ui/stage-skeleton.tsx'
import { TextSkeleton } from '../ui/text-skeleton.tsx'
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
  const doc = usePast(query.data)
  const { layout, Preview } = editors[document.kind]
  const failure = failureOf(query)
  const content = failure ? (
    <Blank
      icon={ServerCrash}
      title="This version cannot be shown now"
      className="pt-24"
      actions={
        <Button variant="outline" onClick={() => void query.refetch()}>
          Retry
        </Button>
      }
    >
      {messageOf(failure)}
    </Blank>
  ) : doc ? (
    <Preview key={version.id} documentId={document.id} doc={doc} />
  ) : layout === 'full' ? (
    <StageSkeleton />
  ) : (
    <TextSkeleton />
  )
  return (
    <section
      aria-label={nameOf(version)}
      data-testid="version-view"
      className="absolute inset-0 z-30 flex flex-col bg-background"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onLeave()
      }}
    >
      <div className="flex min-h-11 shrink-0 items-center gap-2 border-b bg-primary-soft px-4 py-1.5 text-[13px]">
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
      </div>
      <div className={cn('min-h-0 flex-1', layout === 'full' ? 'flex flex-col' : 'overflow-y-auto')}>
        {layout === 'full' ? (
          content
        ) : (
          <div className="page-column flex min-h-full flex-col pb-24">
            <p
              dir="auto"
              className="break-words font-bold text-[2rem] leading-[1.2] tracking-[-0.025em] max-sm:text-[1.7rem]"
            >
              {document.title || <span className="text-placeholder/85">{editors[document.kind].untitled}</span>}
            </p>
            {content}
          </div>
        )}
      </div>
    </section>
  )
}

/** A replica that holds a state and nothing else, for as long as it is shown. */
function usePast(state: Uint8Array | undefined): Y.Doc | null {
  const [doc, setDoc] = useState<Y.Doc | null>(null)
  useEffect(() => {
    if (!state) return
    const past = new Y.Doc()
    Y.applyUpdate(past, state)
    setDoc(past)
    return () => {
      setDoc(null)
      past.destroy()
    }
  }, [state])
  return doc
}

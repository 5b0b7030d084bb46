'use client'
import type { Resource, Version } from '@realtime/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Bookmark, History, X } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { failureOf } from '../api.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { InlineInput } from '../workspace/inline-input.tsx'
import { NotShown } from '../workspace/not-shown.tsx'
import { daysOf } from './days.ts'
import { focusIfLost } from './focus.ts'
import { useNameNow, versionsQuery } from './queries.ts'
import { VersionRow, versionRowStyle } from './version-row.tsx'

interface HistoryPanelProps {
  document: Resource
  /** What is being looked at; null is the present. */
  shown: Version | null
  onShow(version: Version | null): void
  onClose(): void
}

/** The kept versions of a resource beside it, newest first. */
export function HistoryPanel({ document, shown, onShow, onClose }: HistoryPanelProps) {
  const [onlyNamed, setOnlyNamed] = useState(false)
  const [naming, setNaming] = useState(false)
  const query = useInfiniteQuery(versionsQuery(document.id, onlyNamed))
  const nameNow = useNameNow(document.id)
  const heading = useId()
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  const mayWrite = document.permission === 'write'
  const failure = failureOf(query)
  const days = daysOf(query.data?.pages.flatMap((page) => page.versions) ?? [])

  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-labelledby={heading}
      data-testid="history"
      className="flex w-72 shrink-0 flex-col border-l bg-sidebar outline-none max-md:h-[46%] max-md:w-full max-md:border-t max-md:border-l-0"
      onKeyDown={(event) => {
        // A menu of the panel hears its own Escape.
        const own = event.currentTarget.contains(event.target as Node)
        if (event.key !== 'Escape' || event.defaultPrevented || !own) return
        if (shown) onShow(null)
        else onClose()
      }}
    >
      <div className="flex h-11 shrink-0 items-center gap-1 pr-2 pl-4">
        <h2 id={heading} className="flex-1 truncate font-medium text-[13px]">
          Version history
        </h2>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Close history"
          className="size-7 max-md:size-9"
          onClick={onClose}
        >
          <X />
        </Button>
      </div>
      <div className="flex items-center gap-2 px-4 pb-2">
        {mayWrite ? (
          naming ? (
            <InlineInput
              label="Name of the version"
              placeholder="Name of this version"
              maxLength={120}
              onDone={(name) => {
                setNaming(false)
                focusIfLost(panel)
                if (name) nameNow.mutate(name)
              }}
            />
          ) : (
            <Button
              variant="outline"
              size="small"
              className="flex-1 max-md:h-9"
              busy={nameNow.isPending}
              onClick={() => setNaming(true)}
            >
              {nameNow.isPending ? null : <Bookmark aria-hidden />}
              Name current version
            </Button>
          )
        ) : null}
      </div>
      <label className="flex items-center gap-2 px-4 pb-2 text-[13px] text-muted-foreground">
        <input
          type="checkbox"
          checked={onlyNamed}
          onChange={(event) => setOnlyNamed(event.currentTarget.checked)}
          className="size-3.5 accent-(--primary)"
        />
        Only named versions
      </label>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <button
          type="button"
          aria-current={shown === null || undefined}
          onClick={() => onShow(null)}
          className={cn(versionRowStyle, 'font-medium')}
        >
          Current version
        </button>
        {failure ? (
          <NotShown what="The history" error={failure} retry={() => void query.refetch()} narrow />
        ) : !query.data ? (
          <div className="grid gap-2 px-2 pt-3">
            {['a', 'b', 'c'].map((key) => (
              <Skeleton key={key} className="h-9" />
            ))}
          </div>
        ) : days.length === 0 ? (
          <Blank
            icon={History}
            title={onlyNamed ? 'No named versions' : 'No versions yet'}
            className="py-8 text-[13px]"
          >
            {onlyNamed
              ? 'Name a version to find it again and to keep it for good.'
              : 'A version is kept after each spell of editing, and whenever you name one.'}
          </Blank>
        ) : (
          days.map((day) => (
            <section key={day.label} aria-label={day.label}>
              <h3 className="px-2 pt-3 pb-1 font-medium text-muted-foreground text-xs">{day.label}</h3>
              <ul className="grid grid-cols-1 gap-px">
                {day.versions.map((version) => (
                  <VersionRow
                    key={version.id}
                    document={document}
                    version={version}
                    shown={shown?.id === version.id}
                    onShow={() => onShow(version)}
                  />
                ))}
              </ul>
            </section>
          ))
        )}
        {query.hasNextPage ? (
          <Button
            variant="ghost"
            size="small"
            className="mt-2 w-full"
            busy={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show older versions
          </Button>
        ) : null}
      </div>
    </aside>
  )
}

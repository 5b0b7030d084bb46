'use client'
import type { PrivateCopy } from '@realtime/client'
import { useQuery } from '@tanstack/react-query'
import { FileLock2 } from 'lucide-react'
import Link from 'next/link'
import { editors } from '../../editors/editors.ts'
import { agoOf } from '../../workspace/time.ts'
import { useWorkspace } from '../../workspace/workspace.tsx'
import { readAbout } from './about.ts'
import { copiesQuery } from './queries.ts'
import { reasonOf } from './words.ts'

/** All private copies of this person on this device, by their documents; nothing where there are none. */
export function CopiesList() {
  const { me } = useWorkspace()
  const { data } = useQuery(copiesQuery(me.id))
  const newest = [...new Map([...(data ?? [])].reverse().map((copy) => [copy.document, copy])).values()].reverse()
  if (newest.length === 0) return null
  return (
    <section aria-labelledby="private-copies" data-testid="private-copies-list">
      <h2 id="private-copies" className="mt-10 mb-2 font-medium text-[13px] text-muted-foreground">
        Changes kept only on this device
      </h2>
      <ul className="-mx-3 flex flex-col">
        {newest.map((copy) => (
          <CopyRow key={copy.document} copy={copy} />
        ))}
      </ul>
    </section>
  )
}

function CopyRow({ copy }: { copy: PrivateCopy }) {
  const about = readAbout(copy.about)
  const Icon = about ? editors[about.kind].icon : FileLock2
  const at = new Date(copy.at).toISOString()
  return (
    <li>
      <Link
        href={`/d/${copy.document}`}
        prefetch={false}
        className="flex min-h-12 items-center gap-3 rounded-lg px-3 py-2 hover:bg-accent/70"
      >
        <span className="grid size-8 shrink-0 place-items-center rounded-lg border bg-warning-soft shadow-soft">
          <Icon aria-hidden className="size-4 text-warning" strokeWidth={1.75} />
        </span>
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate text-left font-medium">
            {about ? about.title || editors[about.kind].untitled : 'A document'}
          </span>
          <span className="block truncate text-muted-foreground text-xs">
            {copy.count === 1 ? '1 change' : `${copy.count} changes`} not saved: {reasonOf(copy)}
          </span>
        </span>
        <time
          dateTime={at}
          title={new Date(copy.at).toLocaleString()}
          className="shrink-0 text-muted-foreground text-xs tabular-nums"
        >
          {agoOf(at)}
        </time>
      </Link>
    </li>
  )
}

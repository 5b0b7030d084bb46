'use client'
import type { PrivateCopy } from '@realtime/client'
import type { Resource } from '@realtime/contracts'
import { FileX2, Link2Off, ServerCrash } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { messageOf } from '../account/problems.ts'
import { isUnauthenticated } from '../api.ts'
import { editors } from '../editors/editors.ts'
import { Blank } from '../ui/blank.tsx'
import { Button, buttonStyle } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { StageSkeleton } from '../ui/stage-skeleton.tsx'
import { TextSkeleton } from '../ui/text-skeleton.tsx'
import { Topbar } from '../workspace/topbar.tsx'
import { CopiesNotice } from './copies/copies-notice.tsx'
import { CopyView } from './copies/copy-view.tsx'

/** While neither the resource nor its content is there. */
export function Loading({ document }: { document: Resource | undefined }) {
  const full = document && editors[document.kind].layout === 'full'
  return (
    <main id="main" tabIndex={-1} aria-busy className="flex min-h-0 flex-1 flex-col overflow-hidden outline-none">
      {full ? (
        <StageSkeleton />
      ) : (
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
      )}
      <span role="status" className="sr-only">
        Loading
      </span>
    </main>
  )
}

/** When it cannot be opened now. */
export function Failed({ error, retry }: { error: unknown; retry(): void }) {
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

/** When there is nothing, or nothing for whoever asks; what one wrote there and nobody has is offered all the same. */
export function Gone({ copies }: { copies: PrivateCopy[] }) {
  return (
    <WithCopies copies={copies} bar="Not found">
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
        It may have been moved to the trash. If someone sent you the link, ask them to share it with you.
      </Blank>
    </WithCopies>
  )
}

/** When a share link lets its visitor in no more; what they wrote and nobody has is offered all the same. */
export function LinkEnded({ copies }: { copies: PrivateCopy[] }) {
  return (
    <WithCopies copies={copies} bar="Shared document">
      <Blank page icon={Link2Off} title="Your access has ended" className="pt-28">
        The link by which you came has expired or was revoked. What you wrote before is saved
        {copies.length > 0 ? '; what could not be saved any more is kept on this device, above.' : '.'}
      </Blank>
    </WithCopies>
  )
}

function WithCopies({ copies, bar, children }: { copies: PrivateCopy[]; bar: string; children: ReactNode }) {
  const [copy, setCopy] = useState<string | null>(null)
  const [newest] = copies
  const viewing = copy !== null && newest !== undefined
  return (
    <>
      <Topbar>
        <span className="font-medium text-[13px]">{bar}</span>
      </Topbar>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <main
          id="main"
          tabIndex={-1}
          inert={viewing}
          className="flex min-h-0 flex-1 flex-col overflow-y-auto outline-none"
        >
          <CopiesNotice copies={copies} onView={(one) => setCopy(one.id)} />
          {children}
        </main>
        {viewing ? (
          <CopyView copies={copies} shown={copy} onShow={(one) => setCopy(one.id)} onLeave={() => setCopy(null)} />
        ) : null}
      </div>
    </>
  )
}

'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { failureOf, safeNext } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { enter } from './enter.ts'
import { Entry, entryLinkStyle } from './entry.tsx'
import { NewAccount } from './new-account.tsx'
import { messageOf } from './problems.ts'
import { statusQuery } from './queries.ts'
import { OtherWays } from './ways.tsx'

const closed = {
  invitation: 'New people join this server by an invitation link. Ask a teammate to send you one.',
  closed: 'Signing up is closed on this server. Ask its administrator for an account.',
}

/** Creating an account, where the server lets anyone do so. */
export function SignUp() {
  const next = useSearchParams().get('next')
  const status = useQuery(statusQuery)
  const failure = failureOf(status)
  const mode = status.data?.signUp
  return (
    <Entry
      title="Create your account"
      description="Write together with your team, live."
      footer={
        <>
          Have an account?{' '}
          <Link href={next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'} className={entryLinkStyle}>
            Sign in
          </Link>
        </>
      }
    >
      {failure ? (
        <Notice
          tone="error"
          actions={
            <Button variant="outline" size="small" onClick={() => void status.refetch()}>
              Retry
            </Button>
          }
        >
          {messageOf(failure)}
        </Notice>
      ) : !status.data ? (
        <FormSkeleton />
      ) : !status.data.setUp ? (
        <Notice tone="warning">This server is not set up yet. Open the setup link from the terminal first.</Notice>
      ) : mode !== 'open' && mode ? (
        <Notice>{closed[mode]}</Notice>
      ) : (
        <div className="grid gap-5">
          <NewAccount action="Create account" to={safeNext(next)} onSignedIn={() => enter(safeNext(next))} />
          <OtherWays signingUp to={safeNext(next)} onSignedIn={() => enter(safeNext(next))} />
        </div>
      )}
    </Entry>
  )
}

/** Three fields and a button, while it is not known whether they will be shown. */
export function FormSkeleton() {
  return (
    <div className="grid gap-5">
      <Skeleton className="h-14" />
      <Skeleton className="h-14" />
      <Skeleton className="h-14" />
      <Skeleton className="h-10" />
    </div>
  )
}

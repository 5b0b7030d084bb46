'use client'
import { authApi } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { failureOf, publicApi } from '../api.ts'
import { Button, buttonStyle } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { AccountForm } from './account-form.tsx'
import { enter } from './enter.ts'
import { Entry } from './entry.tsx'
import { messageOf } from './problems.ts'
import { statusQuery } from './queries.ts'
import { FormSkeleton } from './sign-up.tsx'

/** The one-time setup link: creates the administrator of this server. */
export function Setup() {
  const token = useSearchParams().get('token') ?? ''
  const status = useQuery(statusQuery)
  const failure = failureOf(status)
  if (status.data?.setUp)
    return (
      <Entry title="This server is set up already" description="Its administrator exists; sign in to go on.">
        <Link href="/sign-in" className={buttonStyle({ size: 'large', className: 'w-full' })}>
          Sign in
        </Link>
      </Entry>
    )
  if (!token) return <NotSetUp />
  return (
    <Entry
      title="Set up your server"
      description="This account becomes the administrator. Everyone else joins with a link from you."
    >
      {status.isPending ? (
        <FormSkeleton />
      ) : status.error ? (
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
      ) : status.isPending ? (
        <FormSkeleton />
      ) : (
        <AccountForm
          action="Create administrator"
          onSubmit={async (input) => {
            await publicApi(authApi.setUp, { body: { ...input, token } })
            enter('/home')
          }}
        />
      )}
    </Entry>
  )
}

/** What anyone sees before the setup link was opened. */
export function NotSetUp() {
  return (
    <Entry
      title="Almost there"
      description="This server is not set up yet. Open the setup link from the terminal where the server was started; it creates the administrator."
      footer={
        <>
          The link ends in <code className="rounded bg-muted px-1 py-0.5 font-mono text-xs">/setup?token=…</code> and
          works once.
        </>
      }
    />
  )
}

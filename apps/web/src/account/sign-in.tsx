'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useEffect } from 'react'
import { failureOf, safeNext } from '../api.ts'
import { Notice } from '../ui/notice.tsx'
import { enter } from './enter.ts'
import { Entry } from './entry.tsx'
import { messageOf } from './problems.ts'
import { statusQuery, visitorQuery } from './queries.ts'
import { SignInForm } from './sign-in-form.tsx'

/** Signing in; `?next=` says where to go then. */
export function SignIn() {
  const next = useSearchParams().get('next')
  const status = useQuery(statusQuery)
  const failure = failureOf(status)
  const visitor = useQuery(visitorQuery)
  const signedIn = Boolean(visitor.data)
  useEffect(() => {
    if (signedIn) location.replace(safeNext(next))
  }, [signedIn, next])
  const signUp = next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up'
  return (
    <Entry
      title="Welcome back"
      description="Sign in to your workspace."
      footer={
        status.data?.signUp === 'open' ? (
          <>
            New here?{' '}
            <Link href={signUp} className="font-medium text-foreground underline underline-offset-4">
              Create an account
            </Link>
          </>
        ) : status.data?.signUp === 'invitation' ? (
          'No account yet? Ask a teammate for an invitation link.'
        ) : null
      }
    >
      {failure ? (
        <Notice tone="error" className="mb-4">
          {messageOf(failure)}
        </Notice>
      ) : status.data && !status.data.setUp ? (
        <Notice tone="warning" className="mb-4">
          This server is not set up yet. Open the setup link from the terminal first.
        </Notice>
      ) : null}
      <SignInForm onSignedIn={() => enter(safeNext(next))} />
    </Entry>
  )
}

'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useEffect } from 'react'
import { failureOf, safeNext } from '../api.ts'
import { Notice } from '../ui/notice.tsx'
import { enter } from './enter.ts'
import { Entry, entryLinkStyle } from './entry.tsx'
import { messageOf } from './problems.ts'
import { providerErrorOf } from './provider-errors.ts'
import { statusQuery, visitorQuery } from './queries.ts'
import { SignInForm } from './sign-in-form.tsx'

/** What a page that leads here may say with `?done=`. */
const done: Record<string, string> = {
  'password-reset': 'Your new password is set. Sign in with it.',
  'account-deleted': 'Your account is deleted. Goodbye, and thank you.',
}

/** Signing in; `?next=` says where to go then, `?error=` what went wrong elsewhere, `?done=` what was done. */
export function SignIn() {
  const search = useSearchParams()
  const next = search.get('next')
  const error = search.get('error')
  const told = done[search.get('done') ?? '']
  const status = useQuery(statusQuery)
  const failure = failureOf(status)
  const visitor = useQuery(visitorQuery)
  const signedIn = Boolean(visitor.data)
  useEffect(() => {
    if (signedIn) location.replace(safeNext(next))
  }, [signedIn, next])
  const signUp = next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up'
  const codeFirst = error === 'two-factor-required'
  return (
    <Entry
      title="Welcome back"
      description="Sign in to your workspace."
      footer={
        status.data?.signUp === 'open' ? (
          <>
            New here?{' '}
            <Link href={signUp} className={entryLinkStyle}>
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
      ) : error && !codeFirst ? (
        <Notice tone="error" className="mb-4">
          {providerErrorOf(error)}
        </Notice>
      ) : told ? (
        <Notice className="mb-4">{told}</Notice>
      ) : null}
      <SignInForm to={safeNext(next)} codeFirst={codeFirst} onSignedIn={() => enter(safeNext(next))} />
    </Entry>
  )
}

'use client'
import { securityApi } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { failureOf, publicApi, safeNext } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Entry, entryLinkStyle } from './entry.tsx'
import { MailForm } from './mail-form.tsx'
import { messageOf } from './problems.ts'
import { providersQuery } from './queries.ts'

/** Asking for a mail by which a new password is set. */
export function ForgotPassword() {
  return (
    <Mailed title="Forgot your password?" description="We mail you a link to set a new one.">
      <MailForm
        action="Send the link"
        sent={(address) =>
          `If there is an account for ${address}, a mail to it is on its way. Its link works for one hour.`
        }
        onSubmit={(address) => publicApi(securityApi.forgotPassword, { body: { email: address } })}
      />
    </Mailed>
  )
}

/** Asking for a mail by which one signs in; `?next=` says where to go then. */
export function SignInByMail() {
  const to = safeNext(useSearchParams().get('next'))
  return (
    <Mailed title="Sign in by e-mail" description="We mail you a link that signs you in. No password needed.">
      <MailForm
        action="Send the link"
        sent={(address) =>
          `If there is an account for ${address}, a mail to it is on its way. Open its link on this device.`
        }
        onSubmit={(address) => publicApi(securityApi.sendMagicLink, { body: { email: address, to } })}
      />
    </Mailed>
  )
}

/** A page that works where this server sends mails, and else says that it does not. */
function Mailed({ title, description, children }: { title: string; description: string; children: ReactNode }) {
  const providers = useQuery(providersQuery)
  const failure = failureOf(providers)
  const next = useSearchParams().get('next')
  return (
    <Entry
      title={title}
      description={description}
      footer={
        <Link href={next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'} className={entryLinkStyle}>
          Back to signing in
        </Link>
      }
    >
      {failure ? (
        <Notice
          tone="error"
          actions={
            <Button variant="outline" size="small" onClick={() => void providers.refetch()}>
              Retry
            </Button>
          }
        >
          {messageOf(failure)}
        </Notice>
      ) : !providers.data ? (
        <div className="grid gap-5">
          <Skeleton className="h-14" />
          <Skeleton className="h-10" />
        </div>
      ) : providers.data.mail ? (
        children
      ) : (
        <Notice tone="warning">
          No mail server is set up here, so no mail can be sent. Ask the administrator of this server.
        </Notice>
      )}
    </Entry>
  )
}

'use client'
import { authApi } from '@realtime/contracts'
import { useState } from 'react'
import { publicApi } from '../api.ts'
import { AccountForm } from './account-form.tsx'
import { MailSent } from './mail-sent.tsx'

interface NewAccountProps {
  action: string
  /** Where the mail that completes it leads, where one is sent: a path of this app. */
  to: string
  invitation?: string
  /** After the session has begun; what it throws is shown in the form. */
  onSignedIn(): Promise<void> | void
}

/** Signing up. Where mails are sent the account is made when the mail was followed, and nothing tells before. */
export function NewAccount({ action, to, invitation, onSignedIn }: NewAccountProps) {
  const [address, setAddress] = useState<string>()
  if (address !== undefined)
    return (
      <MailSent again={() => setAddress(undefined)}>
        One step is left: follow the link in the mail to <bdi className="font-medium">{address}</bdi>.
      </MailSent>
    )
  return (
    <AccountForm
      action={action}
      onSubmit={async (input) => {
        const body = { ...input, ...(to === '/' ? {} : { to }), ...(invitation ? { invitation } : {}) }
        const { user } = await publicApi(authApi.signUp, { body })
        if (user) await onSignedIn()
        else setAddress(input.email)
      }}
    />
  )
}

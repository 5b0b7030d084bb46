'use client'
import { Accounts } from './accounts.tsx'
import { Health } from './health.tsx'
import { MailSetup } from './mail-setup.tsx'
import { SignUpMode } from './sign-up-mode.tsx'

/** How the whole server is set up, who is on it, and how it is. */
export function Administration() {
  return (
    <>
      <SignUpMode />
      <Accounts />
      <MailSetup />
      <Health />
    </>
  )
}

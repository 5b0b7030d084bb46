'use client'
import { securityApi } from '@realtime/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { MailCheck, MailWarning, X } from 'lucide-react'
import { publicApi } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { useRemembered } from '../workspace/current.ts'
import { useWorkspace } from '../workspace/workspace.tsx'
import { messageOf } from './problems.ts'
import { providersQuery } from './queries.ts'

/** Sends the mail that confirms the own address once more, and says what came of it. */
export function SendVerification() {
  const send = useMutation({ mutationFn: () => publicApi(securityApi.sendVerification, {}) })
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      {send.isSuccess ? (
        <span className="flex items-center gap-1.5 text-muted-foreground">
          <MailCheck aria-hidden className="size-4 shrink-0" /> The mail is on its way.
        </span>
      ) : (
        <Button variant="outline" size="small" busy={send.isPending} onClick={() => send.mutate()}>
          Send the mail
        </Button>
      )}
      <span aria-live="polite" className={send.error ? 'text-destructive' : 'sr-only'}>
        {send.error ? messageOf(send.error) : send.isSuccess ? 'The mail is on its way.' : ''}
      </span>
    </span>
  )
}

/** A line above the pages of whoever has not confirmed their address, where mails are sent; it can be put away. */
export function ConfirmAddress() {
  const { me } = useWorkspace()
  const { data } = useQuery({ ...providersQuery, enabled: !me.emailVerified })
  const [hidden, setHidden] = useRemembered('realtime.unconfirmed')
  if (me.emailVerified || !data?.mail || hidden === me.email) return null
  return (
    <aside
      aria-label="Your address"
      className="flex min-h-10 shrink-0 items-center gap-x-3 gap-y-1 border-b bg-warning-soft py-1 pr-1.5 pl-4 max-sm:py-1.5 text-[13px] print:hidden"
    >
      <MailWarning aria-hidden className="size-4 shrink-0 text-warning max-sm:hidden" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 break-words">
          Confirm your address <bdi className="break-all font-medium">{me.email}</bdi>
        </span>
        <SendVerification />
      </div>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Put away"
        className="size-7 shrink-0 max-sm:size-10"
        onClick={() => setHidden(me.email)}
      >
        <X />
      </Button>
    </aside>
  )
}

'use client'
import { zodResolver } from '@hookform/resolvers/zod'
import { Problem, password, securityApi } from '@realtime/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { publicApi, safeNext, tokens } from '../api.ts'
import { Button, buttonStyle } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { CodeForm } from './code-form.tsx'
import { enter } from './enter.ts'
import { Entry, entryLinkStyle } from './entry.tsx'
import { messageOf, showProblem } from './problems.ts'
import { visitorQuery } from './queries.ts'

// Pages that mails lead to. Opening one does nothing yet: programs that look into mails open links too, and would use
// the token up, or confirm an address for whoever wrote it there.

const wide = 'w-full max-sm:h-11'

/** Confirms the address that a mail went to, which may make the account; `?next=` says where to go then. */
export function VerifyEmail({ token }: { token: string }) {
  const next = useSearchParams().get('next')
  const visitor = useQuery(visitorQuery)
  const verify = useMutation({
    mutationFn: () => publicApi(securityApi.verifyEmail, { body: { token } }),
    onSuccess: () => {
      tokens.forget()
      return visitor.refetch()
    },
  })
  const signIn = next ? `/sign-in?next=${encodeURIComponent(safeNext(next))}` : '/sign-in'
  if (verify.data)
    return (
      <Entry title="Your address is confirmed" description={<span dir="auto">{verify.data.email}</span>}>
        <div className="grid justify-items-center gap-5">
          <CircleCheck aria-hidden className="size-9 text-success" strokeWidth={1.5} />
          <Button size="large" className={wide} onClick={() => enter(visitor.data ? safeNext(next) : signIn)}>
            {visitor.data ? (next ? 'Go on' : 'Go to your workspace') : 'Sign in'}
          </Button>
        </div>
      </Entry>
    )
  if (isDead(verify.error))
    return (
      <DeadLink what="This link was used already, or is too old. If your address is not confirmed yet, sign in and send the mail once more." />
    )
  return (
    <Entry title="Confirm your e-mail address" description="One click, and the address is known to be yours.">
      <div className="grid gap-4">
        {verify.error ? <Notice tone="error">{messageOf(verify.error)}</Notice> : null}
        <Button autoFocus size="large" className={wide} busy={verify.isPending} onClick={() => verify.mutate()}>
          Confirm the address
        </Button>
      </div>
    </Entry>
  )
}

/** Signs in by the token of a mail; `?next=` says where to go then. */
export function EnterByMail({ token }: { token: string }) {
  const search = useSearchParams()
  const to = safeNext(search.get('next') ?? search.get('to'))
  const [asksCode, setAsksCode] = useState(false)
  const signIn = useMutation({
    mutationFn: () => publicApi(securityApi.enterByMagicLink, { body: { token } }),
    onSuccess: () => enter(to),
    onError: (error) => {
      if (error instanceof Problem && error.key === 'two-factor-required') setAsksCode(true)
    },
  })
  if (asksCode)
    return (
      <Entry title="One more step" description="Your account asks for a code, too.">
        <CodeForm onSignedIn={() => enter(to)} />
      </Entry>
    )
  if (isDead(signIn.error))
    return (
      <DeadLink
        what="This link was used already, or is too old. Ask for another one."
        href="/sign-in/link"
        action="Send another link"
      />
    )
  return (
    <Entry title="Sign in" description="You asked for a link to sign in with. Here you are.">
      <div className="grid gap-4">
        {signIn.error ? <Notice tone="error">{messageOf(signIn.error)}</Notice> : null}
        <Button
          autoFocus
          size="large"
          className={wide}
          busy={signIn.isPending || signIn.isSuccess}
          onClick={() => signIn.mutate()}
        >
          Sign in
        </Button>
      </div>
    </Entry>
  )
}

const schema = z.object({ password })

/** Sets a new password by the token of a mail. */
export function ResetPassword({ token }: { token: string }) {
  const [dead, setDead] = useState(false)
  const form = useForm<z.input<typeof schema>, unknown, z.output<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { password: '' },
    mode: 'onTouched',
  })
  const { errors, isSubmitting } = form.formState
  const submit = form.handleSubmit(async (input) => {
    try {
      await publicApi(securityApi.resetPassword, { body: { token, password: input.password } })
      enter('/sign-in?done=password-reset')
    } catch (error) {
      if (isDead(error)) setDead(true)
      else showProblem(form, error)
    }
  })
  if (dead)
    return (
      <DeadLink
        what="This link was used already, or is too old. Ask for another one."
        href="/forgot-password"
        action="Send another link"
      />
    )
  return (
    <Entry
      title="Set a new password"
      description="It ends all sessions of your account: sign in again everywhere."
      footer={
        <Link href="/sign-in" className={entryLinkStyle}>
          Back to signing in
        </Link>
      }
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          autoFocus
          hint="At least 10 characters. A few words are easiest to remember."
          error={errors.password?.message}
          {...form.register('password')}
        />
        {errors.root ? <Notice tone="error">{errors.root.message}</Notice> : null}
        <Button type="submit" size="large" busy={isSubmitting} className="max-sm:h-11">
          Set the password
        </Button>
      </form>
    </Entry>
  )
}

/** A link that cannot work any more, and what to do instead. */
function DeadLink({
  what,
  href = '/',
  action = 'Go to your workspace',
}: {
  what: string
  href?: string
  action?: string
}) {
  return (
    <Entry title="This link does not work any more" description={what}>
      <Link href={href} className={buttonStyle({ size: 'large', className: wide })}>
        {action}
      </Link>
    </Entry>
  )
}

/** Whether a token is refused for good: used, too old, or never one. */
function isDead(error: unknown): boolean {
  if (!(error instanceof Problem)) return false
  if (error.key === 'invalid-token' || error.key === 'not-found') return true
  const wrong = error.key === 'invalid-input' ? (error.errors ?? []) : []
  return wrong.length > 0 && wrong.every(({ path }) => path.endsWith('token'))
}

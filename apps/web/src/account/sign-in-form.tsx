'use client'
import { zodResolver } from '@hookform/resolvers/zod'
import { authApi, email, Problem } from '@realtime/contracts'
import Link from 'next/link'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { publicApi } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { CodeForm } from './code-form.tsx'
import { showProblem } from './problems.ts'
import { OtherWays } from './ways.tsx'

const schema = z.object({ email, password: z.string().min(1, 'must not be empty') })

interface SignInFormProps {
  action?: string
  /** Where a browser comes back to that has to go elsewhere for it: a path of this app. */
  to: string
  /** An invitation token, by which a provider may make the account. */
  invitation?: string
  /** Begins with the code, where another step asked for one. */
  codeFirst?: boolean
  /** After the session has begun; what it throws is shown in the form. */
  onSignedIn(): Promise<void> | void
}

/** Signing in to an account that exists: by password and code, or any other way that this server offers. */
export function SignInForm({ action = 'Sign in', to, invitation, codeFirst = false, onSignedIn }: SignInFormProps) {
  const [asksCode, setAsksCode] = useState(codeFirst)
  const form = useForm<z.input<typeof schema>, unknown, z.output<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { email: '', password: '' },
  })
  const { errors, isSubmitting } = form.formState
  const submit = form.handleSubmit(async (input) => {
    try {
      await publicApi(authApi.signIn, { body: input })
      await onSignedIn()
    } catch (error) {
      if (error instanceof Problem && error.key === 'two-factor-required') setAsksCode(true)
      else showProblem(form, error)
    }
  })
  if (asksCode) return <CodeForm action={action} onSignedIn={onSignedIn} onBack={() => setAsksCode(false)} />
  return (
    <div className="grid gap-5">
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        <TextField
          label="E-mail"
          type="email"
          inputMode="email"
          autoComplete="username"
          autoFocus
          error={errors.email?.message}
          {...form.register('email')}
        />
        <div className="grid gap-1.5">
          <TextField
            label="Password"
            type="password"
            autoComplete="current-password"
            error={errors.password?.message}
            {...form.register('password')}
          />
          <Link
            href="/forgot-password"
            className="justify-self-end rounded-sm text-[13px] text-muted-foreground underline-offset-4 hover:text-foreground hover:underline"
          >
            Forgot your password?
          </Link>
        </div>
        {errors.root ? <Notice tone="error">{errors.root.message}</Notice> : null}
        <Button type="submit" size="large" busy={isSubmitting} className="max-sm:h-11">
          {action}
        </Button>
      </form>
      <OtherWays
        to={to}
        {...(invitation ? { invitation } : {})}
        onSignedIn={onSignedIn}
        onCode={() => setAsksCode(true)}
      />
    </div>
  )
}

'use client'
import { zodResolver } from '@hookform/resolvers/zod'
import { authApi, email } from '@realtime/contracts'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { publicApi } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { showProblem } from './problems.ts'

const schema = z.object({ email, password: z.string().min(1, 'must not be empty') })

interface SignInFormProps {
  action?: string
  /** After the session has begun; what it throws is shown in the form. */
  onSignedIn(): Promise<void> | void
}

/** E-mail and password of an account that exists. */
export function SignInForm({ action = 'Sign in', onSignedIn }: SignInFormProps) {
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
      showProblem(form, error)
    }
  })
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <TextField
        label="E-mail"
        type="email"
        inputMode="email"
        autoComplete="email"
        autoFocus
        error={errors.email?.message}
        {...form.register('email')}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        error={errors.password?.message}
        {...form.register('password')}
      />
      {errors.root ? <Notice tone="error">{errors.root.message}</Notice> : null}
      <Button type="submit" size="large" busy={isSubmitting} className="mt-1 max-sm:h-11">
        {action}
      </Button>
    </form>
  )
}

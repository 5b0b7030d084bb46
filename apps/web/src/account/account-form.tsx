'use client'
import { zodResolver } from '@hookform/resolvers/zod'
import { email, password, personName } from '@realtime/contracts'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { showProblem } from './problems.ts'

const schema = z.object({
  name: personName,
  email,
  password,
})
export type AccountInput = z.output<typeof schema>

interface AccountFormProps {
  action: string
  /** Creates the account; what it throws is shown in the form. */
  onSubmit(input: AccountInput): Promise<void>
}

/** Name, e-mail and password of a new account: for setup, sign-up and joining alike. */
export function AccountForm({ action, onSubmit }: AccountFormProps) {
  const form = useForm<z.input<typeof schema>, unknown, AccountInput>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', email: '', password: '' },
    mode: 'onTouched',
  })
  const { errors, isSubmitting } = form.formState
  const submit = form.handleSubmit(async (input) => {
    try {
      await onSubmit(input)
    } catch (error) {
      showProblem(form, error)
    }
  })
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <TextField
        label="Name"
        autoComplete="name"
        autoFocus
        placeholder="Ada Lovelace"
        error={errors.name?.message}
        {...form.register('name')}
      />
      <TextField
        label="E-mail"
        type="email"
        inputMode="email"
        autoComplete="email"
        placeholder="you@example.com"
        error={errors.email?.message}
        {...form.register('email')}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters. A few words are easiest to remember."
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

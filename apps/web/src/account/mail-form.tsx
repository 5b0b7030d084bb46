'use client'
import { zodResolver } from '@hookform/resolvers/zod'
import { email } from '@realtime/contracts'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { MailSent } from './mail-sent.tsx'
import { showProblem } from './problems.ts'

const schema = z.object({ email })

interface MailFormProps {
  action: string
  /** What is said once it was sent, whether or not there is such an account. */
  sent(address: string): string
  onSubmit(address: string): Promise<void>
}

/** An address to send a mail to, and word that it is on its way; nothing tells whether there is such an account. */
export function MailForm({ action, sent, onSubmit }: MailFormProps) {
  const [address, setAddress] = useState<string>()
  const form = useForm<z.input<typeof schema>, unknown, z.output<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { email: '' },
  })
  const { errors, isSubmitting } = form.formState
  const submit = form.handleSubmit(async (input) => {
    try {
      await onSubmit(input.email)
      setAddress(input.email)
    } catch (error) {
      showProblem(form, error)
    }
  })
  if (address !== undefined) return <MailSent again={() => setAddress(undefined)}>{sent(address)}</MailSent>
  return (
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
      {errors.root ? <Notice tone="error">{errors.root.message}</Notice> : null}
      <Button type="submit" size="large" busy={isSubmitting} className="max-sm:h-11">
        {action}
      </Button>
    </form>
  )
}

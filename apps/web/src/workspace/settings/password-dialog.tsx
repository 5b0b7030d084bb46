'use client'
import { Problem } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ProblemNotice } from '../../account/problem-notice.tsx'
import { securityQuery } from '../../account/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

interface PasswordDialogProps {
  open: boolean
  onOpenChange(open: boolean): void
  title: string
  description: ReactNode
  /** The words on the button that does it. */
  action: string
  destructive?: boolean
  /** Does it; the password is undefined for accounts that have none. What it throws is shown. */
  onConfirm(password: string | undefined): Promise<void>
}

/** Asks for the password before something that concerns the safety of the account. */
export function PasswordDialog({ open, onOpenChange, title, description, ...rest }: PasswordDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={description}>
      <PasswordForm {...rest} close={() => onOpenChange(false)} />
    </Dialog>
  )
}

interface PasswordFormProps extends Pick<PasswordDialogProps, 'action' | 'destructive' | 'onConfirm'> {
  close(): void
}

function PasswordForm({ action, destructive = false, onConfirm, close }: PasswordFormProps) {
  const { data: security } = useQuery(securityQuery)
  const [password, setPassword] = useState('')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const asked = security?.password ?? true
  const wrong = error instanceof Problem && error.key === 'wrong-credentials'

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm(asked ? password : undefined)
      close()
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      {asked ? (
        <TextField
          label="Your password"
          type="password"
          autoComplete="current-password"
          autoFocus
          value={password}
          error={wrong ? 'The password is wrong.' : undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      ) : null}
      {wrong ? null : <ProblemNotice error={error} />}
      <div className="flex justify-end gap-2">
        <Button variant="outline" onClick={close} className="max-sm:h-11">
          Cancel
        </Button>
        <Button
          type="submit"
          variant={destructive ? 'destructive' : 'primary'}
          busy={busy}
          disabled={asked && password === ''}
          className="max-sm:h-11"
        >
          {action}
        </Button>
      </div>
    </form>
  )
}

'use client'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { ProblemNotice } from '../../account/problem-notice.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

interface NameDialogProps {
  open: boolean
  onOpenChange(open: boolean): void
  title: string
  label: string
  placeholder?: string
  value: string
  schema: z.ZodType<string, string>
  maxLength: number
  action: string
  busy: boolean
  /** What went wrong in saving. */
  problem: unknown
  onSave(name: string): void
}

/** Asks for a name. */
export function NameDialog({ open, onOpenChange, title, ...form }: NameDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title}>
      <NameForm {...form} />
    </Dialog>
  )
}

type NameFormProps = Omit<NameDialogProps, 'open' | 'onOpenChange' | 'title'>

function NameForm({ label, placeholder, value, schema, maxLength, action, busy, problem, onSave }: NameFormProps) {
  const [typed, setTyped] = useState(value)
  const [error, setError] = useState<string>()
  function submit(event: FormEvent) {
    event.preventDefault()
    const parsed = schema.safeParse(typed)
    setError(parsed.success ? undefined : parsed.error.issues[0]?.message)
    if (parsed.success && !busy) onSave(parsed.data)
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <TextField
        label={label}
        dir="auto"
        autoFocus
        autoComplete="off"
        maxLength={maxLength}
        value={typed}
        error={error}
        {...(placeholder ? { placeholder } : {})}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ProblemNotice error={problem} />
      <div className="flex justify-end">
        <Button type="submit" busy={busy} className="max-sm:h-11">
          {action}
        </Button>
      </div>
    </form>
  )
}

'use client'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { z } from 'zod'
import { messageOf } from '../../account/problems.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'

interface LineFormProps {
  label: string
  /** As it is kept now. */
  value: string
  schema: z.ZodType<string, string>
  hint?: ReactNode
  maxLength: number
  disabled?: boolean
  autoComplete?: string
  /** Keeps it; what it throws is shown. */
  onSave(value: string): Promise<unknown>
}

/** One line of text that can be changed and saved. */
export function LineForm({ label, value, schema, onSave, ...field }: LineFormProps) {
  const [typed, setTyped] = useState(value)
  const [kept, setKept] = useState(value)
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  // What comes from elsewhere is shown, unless somebody is typing here.
  if (value !== kept) {
    setKept(value)
    if (typed === kept) setTyped(value)
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    const parsed = schema.safeParse(typed)
    setError(parsed.success ? undefined : parsed.error.issues[0]?.message)
    if (!parsed.success || busy) return
    setBusy(true)
    try {
      await onSave(parsed.data)
      setTyped(parsed.data)
    } catch (failure) {
      setError(messageOf(failure))
    }
    setBusy(false)
  }
  const changed = typed.trim() !== value
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex items-start gap-2">
      <div className="min-w-0 max-w-sm flex-1">
        <TextField
          {...field}
          label={label}
          dir="auto"
          value={typed}
          error={error}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      {!field.disabled && (changed || busy) ? (
        <Button type="submit" busy={busy} className="mt-[1.6rem] max-sm:h-11">
          Save
        </Button>
      ) : null}
    </form>
  )
}

'use client'
import { Problem, visitorName } from '@realtime/contracts'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Entry } from '../account/entry.tsx'
import { messageOf } from '../account/problems.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { LinkOver } from './link-over.tsx'
import { isOver, keptName, openVisit, type Visit } from './visit.ts'

interface VisitorFormProps {
  token: string
  preview: { password: boolean; level: Visit['level'] }
  /** Of the account one is signed in with. */
  name: string | undefined
  onOpened(visit: Visit): void
}

const promises: Record<Visit['level'], string> = {
  view: 'You can read it, and see who else is there.',
  comment: 'You can read and comment on it, and see who else is there.',
  edit: 'You can read and change it together with whoever else is there.',
}

/** Asks a visitor for what a link needs: its password, and what others shall call them. */
export function VisitorForm({ token, preview, name, onOpened }: VisitorFormProps) {
  const [locked, setLocked] = useState(preview.password)
  const [wrong, setWrong] = useState<string>()
  const open = useMutation({
    mutationFn: (given: { name: string; password?: string }) => openVisit(token, given),
    onSuccess: onOpened,
    onError: (error) => {
      if (error instanceof Problem && error.key === 'password-required') setLocked(true)
    },
  })
  if (isOver(open.error)) return <LinkOver />

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = visitorName.safeParse(form.get('name'))
    setWrong(given.success ? undefined : given.error.issues[0]?.message)
    if (!given.success) return
    const password = String(form.get('password') ?? '')
    open.mutate({ name: given.data, ...(locked ? { password } : {}) })
  }

  const { key } = open.error instanceof Problem ? open.error : { key: null }
  const ofPassword = key === 'wrong-credentials' || key === 'password-required'
  return (
    <Entry title="A document was shared with you" description={promises[preview.level]}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        {open.error && !ofPassword ? <Notice tone="error">{messageOf(open.error)}</Notice> : null}
        {locked ? (
          <TextField
            label="Password of the link"
            name="password"
            type="password"
            autoComplete="off"
            autoFocus
            maxLength={128}
            error={
              ofPassword
                ? key === 'password-required'
                  ? 'This link needs a password'
                  : 'This is not the password of the link'
                : undefined
            }
          />
        ) : null}
        <TextField
          label="Your name"
          name="name"
          defaultValue={keptName() || name}
          autoComplete="name"
          autoFocus={!locked}
          maxLength={60}
          hint="Others in the document see it."
          error={wrong}
        />
        <Button type="submit" size="large" busy={open.isPending}>
          Open document
        </Button>
      </form>
    </Entry>
  )
}

'use client'
import { Problem, password as passwordSchema, securityApi } from '@realtime/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { securityQuery, sessionsQuery } from '../../../account/queries.ts'
import { api, tokens } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Row, Section } from '../section.tsx'

/** Changing the password, or setting the first one. */
export function PasswordSettings({ has }: { has: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <Section title="Password">
      <Row
        alone
        icon={Lock}
        title={has ? 'A password is set' : 'No password is set'}
        detail={
          has ? 'Changing it ends all other sessions.' : 'You sign in another way. With a password you have one more.'
        }
        actions={
          <Button variant="outline" size="small" className="max-sm:h-10" onClick={() => setOpen(true)}>
            {has ? 'Change password' : 'Set a password'}
          </Button>
        }
      />
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={has ? 'Change your password' : 'Set a password'}
        {...(has ? { description: 'All other sessions of your account end.' } : {})}
      >
        <ChangeForm has={has} close={() => setOpen(false)} />
      </Dialog>
    </Section>
  )
}

function ChangeForm({ has, close }: { has: boolean; close(): void }) {
  const client = useQueryClient()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const wrong = problem instanceof Problem && problem.key === 'wrong-credentials'
  const issue = problem instanceof Problem ? problem.errors?.find(({ path }) => path.endsWith('password')) : undefined
  const weak = next === '' ? undefined : passwordSchema.safeParse(next).error?.issues[0]?.message
  const [left, setLeft] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setLeft(true)
    if (busy || weak || next === '') return
    setBusy(true)
    setProblem(undefined)
    try {
      await api(securityApi.changePassword, { body: { password: next, ...(has ? { current } : {}) } })
      // The session may be another one now.
      tokens.forget()
      toast(has ? 'The password is changed' : 'The password is set')
      close()
      await Promise.all([
        client.invalidateQueries({ queryKey: securityQuery.queryKey }),
        client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
      ])
    } catch (failure) {
      setProblem(failure)
    }
    setBusy(false)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      {has ? (
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          autoFocus
          value={current}
          error={wrong ? 'The password is wrong.' : undefined}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
      ) : null}
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters. A few words are easiest to remember."
        value={next}
        error={(left ? weak : undefined) ?? issue?.message}
        onBlur={() => setLeft(next !== '')}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      {wrong || issue ? null : <ProblemNotice error={problem} />}
      <div className="flex justify-end gap-2">
        <Button variant="outline" className="max-sm:h-11" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" busy={busy} disabled={next === '' || (has && current === '')} className="max-sm:h-11">
          {has ? 'Change password' : 'Set password'}
        </Button>
      </div>
    </form>
  )
}

'use client'
import { organizationApi, Problem, securityApi } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { UserX } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { enter } from '../../../account/enter.ts'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { securityQuery } from '../../../account/queries.ts'
import { api, failureOf } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { forgetChoices } from '../../current.ts'
import { useWorkspace } from '../../workspace.tsx'
import { Row, Section } from '../section.tsx'
import { GoingAlong, Holding, holding, waysOutQuery } from './ways-out.tsx'

/** Deleting the own account, with what is lost by it. */
export function DeleteAccount() {
  const [open, setOpen] = useState(false)
  return (
    <Section title="Delete account">
      <Row
        alone
        icon={UserX}
        title="Delete your account for good"
        detail="This cannot be taken back."
        actions={
          <Button variant="destructive" size="small" className="max-sm:h-10" onClick={() => setOpen(true)}>
            Delete account
          </Button>
        }
      />
      <Dialog open={open} onOpenChange={setOpen} title="Delete your account for good?">
        <Deletion close={() => setOpen(false)} />
      </Dialog>
    </Section>
  )
}

function Deletion({ close }: { close(): void }) {
  const { me } = useWorkspace()
  const { data: security } = useQuery(securityQuery)
  const ways = useQuery(waysOutQuery)
  const [typed, setTyped] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const asksPassword = security?.password ?? true
  const wrong = problem instanceof Problem && problem.key === 'wrong-credentials'
  const held = holding(ways.data ?? [])
  const sure =
    ways.data !== undefined &&
    typed.trim().toLowerCase() === me.email.toLowerCase() &&
    (!asksPassword || password !== '')

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy || !sure) return
    setBusy(true)
    setProblem(undefined)
    try {
      const body = asksPassword ? { password } : {}
      // Leaving cannot be taken back: first make sure that the rest will go well.
      await api(securityApi.checkDeletion, { body })
      await api(organizationApi.leaveAll, {})
      await api(securityApi.deleteAccount, { body: { ...body, email: me.email } })
      forgetChoices()
      enter('/sign-in?done=account-deleted')
    } catch (failure) {
      setProblem(failure)
      setBusy(false)
      // Something may hold it by now that did not when this was opened.
      if (failure instanceof Problem && failure.key === 'conflict') void ways.refetch()
    }
  }

  if (held.length > 0)
    return (
      <div className="grid gap-4">
        <Holding organizations={held} />
        <div className="flex justify-end gap-2">
          <Button variant="outline" className="max-sm:h-11" onClick={close}>
            Close
          </Button>
        </div>
      </div>
    )

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <ul className="grid list-disc gap-1.5 pl-5 text-[13px] leading-relaxed">
        <GoingAlong organizations={ways.data ?? []} />
        <li>Your sessions, passkeys and API keys end at once.</li>
      </ul>
      <TextField
        label="Type your e-mail address to confirm"
        type="email"
        autoComplete="off"
        placeholder={me.email}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {asksPassword ? (
        <TextField
          label="Your password"
          type="password"
          autoComplete="current-password"
          value={password}
          error={wrong ? 'The password is wrong.' : undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      ) : null}
      {wrong ? null : <ProblemNotice error={problem} />}
      {failureOf(ways) ? <ProblemNotice error={failureOf(ways)} retry={() => void ways.refetch()} /> : null}
      <div className="flex justify-end gap-2">
        <Button variant="outline" className="max-sm:h-11" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" variant="destructive" busy={busy} disabled={!sure} className="max-sm:h-11">
          Delete my account
        </Button>
      </div>
    </form>
  )
}

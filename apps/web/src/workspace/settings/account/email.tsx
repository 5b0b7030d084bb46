'use client'
import { email, Problem, securityApi } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { AtSign } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { messageOf } from '../../../account/problems.ts'
import { providersQuery, securityQuery } from '../../../account/queries.ts'
import { SendVerification } from '../../../account/verification.tsx'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useWorkspace } from '../../workspace.tsx'
import { Row, Section, Tag } from '../section.tsx'

/** The own address: whether it is confirmed, and asking for another. */
export function EmailSettings() {
  const { me } = useWorkspace()
  const { data: security } = useQuery(securityQuery)
  const { data: providers } = useQuery(providersQuery)
  const [changing, setChanging] = useState(false)
  return (
    <Section title="E-mail" description="You sign in with it, and mails go to it.">
      <div className="grid gap-3">
        <Row
          alone
          icon={AtSign}
          title={me.email}
          detail={me.emailVerified ? 'Confirmed' : <Unconfirmed mail={providers?.mail} />}
          actions={
            <>
              {me.emailVerified ? null : <Tag tone="warning">Not confirmed</Tag>}
              <Button variant="outline" size="small" className="max-sm:h-10" onClick={() => setChanging(true)}>
                Change
              </Button>
            </>
          }
        />
        {security?.pendingEmail ? (
          <Notice>
            You asked for <bdi className="break-all font-medium">{security.pendingEmail}</bdi>. It holds as soon as you
            follow the link in the mail we sent there; until then nothing changes.
          </Notice>
        ) : null}
      </div>
      <Dialog
        open={changing}
        onOpenChange={setChanging}
        title="Change your e-mail address"
        description="We send a mail to the new address. It holds once you have followed its link; your old address is told."
      >
        {providers?.mail === false ? (
          <Notice tone="warning">
            No mail server is set up here, so a new address cannot be confirmed. Ask the administrator of this server.
          </Notice>
        ) : (
          <EmailForm asksPassword={security?.password ?? true} close={() => setChanging(false)} />
        )}
      </Dialog>
    </Section>
  )
}

function Unconfirmed({ mail }: { mail: boolean | undefined }) {
  if (mail === undefined) return 'Not confirmed yet'
  if (!mail) return 'It cannot be confirmed, since no mail server is set up here.'
  return (
    <span className="mt-1 block">
      <SendVerification />
    </span>
  )
}

function EmailForm({ asksPassword, close }: { asksPassword: boolean; close(): void }) {
  const client = useQueryClient()
  const [address, setAddress] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const wrong = problem instanceof Problem && problem.key === 'wrong-credentials'
  const taken = problem instanceof Problem && problem.key === 'email-taken'

  async function submit(event: FormEvent) {
    event.preventDefault()
    const parsed = email.safeParse(address.trim())
    setError(parsed.success ? undefined : parsed.error.issues[0]?.message)
    setProblem(undefined)
    if (!parsed.success || busy) return
    setBusy(true)
    try {
      await api(securityApi.changeEmail, { body: { email: parsed.data, ...(asksPassword ? { password } : {}) } })
      await client.invalidateQueries({ queryKey: securityQuery.queryKey })
      close()
    } catch (failure) {
      setProblem(failure)
    }
    setBusy(false)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <TextField
        label="New e-mail"
        type="email"
        inputMode="email"
        autoComplete="email"
        autoFocus
        value={address}
        error={error ?? (taken ? messageOf(problem) : undefined)}
        onChange={(event) => setAddress(event.currentTarget.value)}
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
      {wrong || taken ? null : <ProblemNotice error={problem} />}
      <div className="flex justify-end gap-2">
        <Button variant="outline" className="max-sm:h-11" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" busy={busy} disabled={asksPassword && password === ''} className="max-sm:h-11">
          Send the mail
        </Button>
      </div>
    </form>
  )
}

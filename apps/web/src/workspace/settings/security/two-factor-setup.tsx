'use client'
import { type OutputOf, securityApi } from '@realtime/contracts'
import { type FormEvent, useState } from 'react'
import { readCode } from '../../../account/codes.ts'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { QrCode } from '../../../ui/qr-code.tsx'

type Setup = OutputOf<typeof securityApi.beginTwoFactor>

interface TwoFactorSetupProps {
  /** What the app is to know; the dialog is open while there is something. */
  setup: Setup | undefined
  onClose(): void
  /** After it was confirmed, with the recovery codes. */
  onDone(recoveryCodes: string[]): void
}

/** Giving an authenticator app its secret, and confirming with a code of it. */
export function TwoFactorSetup({ setup, onClose, onDone }: TwoFactorSetupProps) {
  return (
    <Dialog
      open={setup !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Set up two-factor authentication"
      description="Scan this with your authenticator app, then type the code it shows."
    >
      {setup ? <Confirm setup={setup} onClose={onClose} onDone={onDone} /> : null}
    </Dialog>
  )
}

function Confirm({ setup, onClose, onDone }: { setup: Setup; onClose(): void; onDone(codes: string[]): void }) {
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const read = readCode(typed, false)
    setError(read.error)
    setProblem(undefined)
    if (read.error !== undefined || busy) return
    setBusy(true)
    try {
      const { recoveryCodes } = await api(securityApi.confirmTwoFactor, { body: { code: read.code } })
      onDone(recoveryCodes)
    } catch (failure) {
      setProblem(failure)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <div className="justify-self-center rounded-lg bg-white p-3 ring-1 ring-border">
        <QrCode text={setup.uri} label="QR code for your authenticator app" className="size-44" />
      </div>
      <div className="grid gap-1.5">
        <p className="text-[13px] text-muted-foreground">No camera at hand? Type this key into the app instead.</p>
        <CopyField label="Key for the app" value={setup.secret} action="Copy key" />
      </div>
      <TextField
        label="Code of the app"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        maxLength={12}
        className="font-mono tracking-wider"
        value={typed}
        error={error}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ProblemNotice error={problem} />
      <div className="flex justify-end gap-2">
        <Button variant="outline" className="max-sm:h-11" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" busy={busy} className="max-sm:h-11">
          Turn on
        </Button>
      </div>
    </form>
  )
}

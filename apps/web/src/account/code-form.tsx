'use client'
import { securityApi } from '@realtime/contracts'
import { type FormEvent, useState } from 'react'
import { publicApi } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { CheckField } from '../ui/check-field.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { readCode } from './codes.ts'
import { messageOf } from './problems.ts'

interface CodeFormProps {
  action?: string
  /** After the session has begun; what it throws is shown in the form. */
  onSignedIn(): Promise<void> | void
  /** Back to the password. */
  onBack?(): void
}

/** The second step of signing in: a code of the app, or a recovery code. */
export function CodeForm({ action = 'Sign in', onSignedIn, onBack }: CodeFormProps) {
  const [recovery, setRecovery] = useState(false)
  const [trustDevice, setTrustDevice] = useState(false)
  const [value, setValue] = useState('')
  const [error, setError] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    const read = readCode(value, recovery)
    setError(read.error)
    setProblem(undefined)
    if (read.error !== undefined) return
    setBusy(true)
    try {
      const body = recovery ? { recoveryCode: read.code } : { code: read.code, trustDevice }
      await publicApi(securityApi.signInWithCode, { body })
      await onSignedIn()
    } catch (failure) {
      setProblem(failure)
    }
    setBusy(false)
  }

  function other() {
    setRecovery(!recovery)
    setValue('')
    setError(undefined)
    setProblem(undefined)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <TextField
        key={recovery ? 'recovery' : 'code'}
        label={recovery ? 'Recovery code' : 'Code'}
        hint={
          recovery
            ? 'One of the codes you kept when you set this up. Each works once.'
            : 'Six digits from your authenticator app.'
        }
        value={value}
        autoFocus
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete={recovery ? 'off' : 'one-time-code'}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        className="font-mono tracking-wider"
        error={error}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      {recovery ? null : (
        <CheckField
          label="Trust this device"
          hint="It is not asked for a code for 30 days."
          checked={trustDevice}
          onChange={setTrustDevice}
        />
      )}
      {problem ? <Notice tone="error">{messageOf(problem)}</Notice> : null}
      <Button type="submit" size="large" busy={busy} className="mt-1 max-sm:h-11">
        {action}
      </Button>
      <div className="flex flex-wrap justify-between gap-x-4 gap-y-2 text-[13px]">
        <Button variant="link" size="inline" onClick={other}>
          {recovery ? 'Use a code of the app' : 'Use a recovery code'}
        </Button>
        {onBack ? (
          <Button variant="link" size="inline" onClick={onBack}>
            Start again
          </Button>
        ) : null}
      </div>
    </form>
  )
}

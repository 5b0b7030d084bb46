'use client'
import { type KeyScope, keyApi, keyScopes, Problem } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { CheckField } from '../../../ui/check-field.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { keysQuery } from './queries.ts'
import { lives, scopeWords } from './scope-words.ts'

interface CreateKeyProps {
  open: boolean
  onOpenChange(open: boolean): void
}

/** Makes an API key and shows it, once. */
export function CreateKey({ open, onOpenChange }: CreateKeyProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New API key">
      <CreateForm close={() => onOpenChange(false)} />
    </Dialog>
  )
}

function CreateForm({ close }: { close(): void }) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<KeyScope[]>(['documents:read'])
  const [life, setLife] = useState('90')
  const [tried, setTried] = useState(false)
  /** Null until it is asked for: of who signed in a while ago. */
  const [password, setPassword] = useState<string | null>(null)
  const create = useMutation({
    mutationFn: () =>
      api(keyApi.createKey, {
        body: {
          name: name.trim(),
          scopes,
          expiresInDays: life === 'null' ? null : Number(life),
          ...(password ? { password } : {}),
        },
      }),
    onError: (error) => {
      if (asksPassword(error)) setPassword('')
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (name.trim() && scopes.length > 0 && password !== '') create.mutate()
  }
  const wrong = create.error instanceof Problem && create.error.key === 'wrong-credentials'
  if (create.data)
    return (
      <div className="grid gap-4">
        <Notice tone="warning">Copy the key now. It is not kept here, so it cannot be shown again.</Notice>
        <CopyField label="API key" value={create.data.key} action="Copy key" focus />
        <div className="flex justify-end">
          <Button variant="outline" className="max-sm:h-11" onClick={close}>
            Done
          </Button>
        </div>
      </div>
    )
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <TextField
        label="Name"
        placeholder="Nightly backup"
        hint="What it is for, so that you know it again."
        dir="auto"
        maxLength={60}
        autoFocus
        value={name}
        error={tried && !name.trim() ? 'must not be empty' : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <fieldset className="grid gap-2.5 max-sm:gap-0">
        <legend className="mb-2 font-medium text-[13px]">It may</legend>
        {keyScopes.map((scope) => (
          <CheckField
            key={scope}
            {...scopeWords[scope]}
            checked={scopes.includes(scope)}
            onChange={(checked) =>
              setScopes(keyScopes.filter((one) => (one === scope ? checked : scopes.includes(one))))
            }
          />
        ))}
        {tried && scopes.length === 0 ? (
          <p role="alert" className="text-[13px] text-destructive">
            Choose something at least.
          </p>
        ) : null}
      </fieldset>
      <div className="flex items-center justify-between gap-3">
        <span className="font-medium text-[13px]">Works for</span>
        <Select
          label="Works for"
          value={life}
          onChange={setLife}
          className="w-36"
          choices={lives.map(({ days, label }) => ({ value: String(days), label }))}
        />
      </div>
      {password === null ? null : (
        <TextField
          label="Your password"
          type="password"
          autoComplete="current-password"
          hint="You signed in a while ago: show that it is you."
          autoFocus
          value={password}
          error={wrong ? 'The password is wrong.' : undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      {wrong || asksPassword(create.error) ? null : <ProblemNotice error={create.error} />}
      <div className="flex justify-end gap-2">
        <Button variant="outline" className="max-sm:h-11" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" busy={create.isPending} disabled={password === ''} className="max-sm:h-11">
          Create key
        </Button>
      </div>
    </form>
  )
}

/** Whether the server wants to know by the password who makes the key. */
function asksPassword(error: unknown): boolean {
  if (!(error instanceof Problem) || error.key !== 'invalid-input') return false
  return error.errors?.some(({ path }) => path === 'body.password') ?? false
}

'use client'
import { levels, type ShareLink } from '@realtime/contracts'
import { type FormEvent, useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { LevelSelect } from './level-select.tsx'
import { useSaveLink } from './queries.ts'
import { linkLives } from './words.ts'

type LinkLevel = ShareLink['level']
const linkLevels = levels.filter((level) => level !== 'manage')
const DAY_MS = 86_400_000

interface LinkFormProps {
  documentId: string
  /** The one to change; null makes one. */
  link: ShareLink | null
  onDone(): void
}

/** What a link gives, and its limits. */
export function LinkForm({ documentId, link, onDone }: LinkFormProps) {
  const save = useSaveLink(documentId, link)
  const [level, setLevel] = useState<LinkLevel>(link?.level ?? 'view')
  const [life, setLife] = useState<string>(link ? 'same' : 'never')
  const [locked, setLocked] = useState(link?.password ?? false)
  const [wrong, setWrong] = useState<{ password?: string; maxUses?: string }>({})

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = String(form.get('password') ?? '')
    const uses = String(form.get('maxUses') ?? '').trim()
    const maxUses = uses === '' ? null : Number(uses)
    // Left empty, a password that is there already stays.
    const keeps = Boolean(link?.password) && password === ''
    const found = {
      ...(locked && !keeps && password.length < 4 ? { password: 'must have at least 4 characters' } : {}),
      ...(maxUses !== null && !(Number.isInteger(maxUses) && maxUses >= 1 && maxUses <= 100_000)
        ? { maxUses: 'must be a whole number from 1 to 100,000' }
        : {}),
    }
    setWrong(found)
    if (Object.keys(found).length > 0) return
    const days = linkLives.find(({ value }) => value === life)?.days
    save.mutate(
      {
        level,
        maxUses,
        password: !locked ? null : keeps ? undefined : password,
        expiresAt: days === undefined ? undefined : days && new Date(Date.now() + days * DAY_MS).toISOString(),
      },
      { onSuccess: onDone },
    )
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-3 rounded-lg border bg-muted/40 p-3" aria-label="Link">
      {save.error ? <Notice tone="error">{messageOf(save.error)}</Notice> : null}
      <div className="grid grid-cols-2 gap-2 max-sm:grid-cols-1">
        <LevelSelect<LinkLevel>
          label="What visitors may do"
          value={level}
          levels={linkLevels}
          onChange={(next) => next !== 'manage' && setLevel(next)}
          className="h-9 w-full"
        />
        <Select<string>
          label="How long it holds"
          value={life}
          onChange={setLife}
          className="h-9 w-full"
          choices={[
            ...(link
              ? [
                  {
                    value: 'same',
                    label: link.expiresAt
                      ? `Until ${new Date(link.expiresAt).toLocaleDateString(undefined, { dateStyle: 'medium' })}`
                      : 'Never expires',
                  },
                ]
              : []),
            ...linkLives.filter(({ days }) => !(link && link.expiresAt === null && days === null)),
          ]}
        />
      </div>
      <label className="flex min-h-6 items-center gap-2 text-[13px]">
        <input
          type="checkbox"
          checked={locked}
          onChange={(event) => setLocked(event.currentTarget.checked)}
          className="size-4 accent-primary"
        />
        Ask for a password
      </label>
      {locked ? (
        <TextField
          label="Password of the link"
          name="password"
          type="password"
          autoComplete="new-password"
          maxLength={128}
          placeholder={link?.password ? 'Unchanged' : undefined}
          hint="Tell it to visitors by another way than the link."
          error={wrong.password}
        />
      ) : null}
      <TextField
        label="Visitors at most"
        name="maxUses"
        inputMode="numeric"
        defaultValue={link?.maxUses ?? ''}
        placeholder="Any number"
        error={wrong.maxUses}
      />
      <div className="flex justify-end gap-2">
        <Button variant="outline" size="small" onClick={onDone} className="max-sm:h-10">
          Cancel
        </Button>
        <Button type="submit" size="small" busy={save.isPending} className="max-sm:h-10">
          {link ? 'Save link' : 'Create link'}
        </Button>
      </div>
    </form>
  )
}

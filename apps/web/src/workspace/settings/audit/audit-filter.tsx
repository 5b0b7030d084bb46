'use client'
import { type AuditType, auditTypes, type Organization } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { Button } from '../../../ui/button.tsx'
import { inputStyle } from '../../../ui/field.tsx'
import { Select } from '../../../ui/select.tsx'
import { membersQuery } from '../../queries.ts'
import { SearchField } from '../people-picker.tsx'
import { type Choice, everything, periods, typeLabel } from './audit-words.ts'

interface AuditFilterProps {
  organization: Organization
  choice: Choice
  onChange(choice: Choice): void
}

/** What of the log is shown: by what was done, who did it, when, and a search. */
export function AuditFilter({ organization, choice, onChange }: AuditFilterProps) {
  const members = useQuery(membersQuery(organization.id))
  const set = (part: Partial<Choice>) => onChange({ ...choice, ...part })
  return (
    <div className="grid gap-2">
      <SearchField label="Search names and things" value={choice.q} onChange={(q) => set({ q })} />
      <div className="flex flex-wrap gap-2">
        <Select
          label="What was done"
          value={choice.type}
          onChange={(type) => set({ type })}
          className="min-w-0 max-w-52 flex-1 basis-40 max-sm:max-w-none"
          choices={[
            { value: 'all', label: 'Everything' },
            ...auditTypes.map((type) => ({ value: type as AuditType | 'all', label: typeLabel(type) })),
          ]}
        />
        <Select
          label="Who did it"
          value={choice.by}
          onChange={(by) => set({ by })}
          className="min-w-0 max-w-52 flex-1 basis-40 max-sm:max-w-none"
          choices={[
            { value: 'all', label: 'Everybody' },
            ...(members.data ?? []).map(({ userId, name }) => ({ value: userId, label: name })),
          ]}
        />
        <Select
          label="When"
          value={choice.period}
          onChange={(period) => set({ period })}
          className="min-w-0 max-w-44 flex-1 basis-36 max-sm:max-w-none"
          choices={periods}
        />
        {choice === everything ? null : (
          <Button variant="ghost" size="small" className="h-8 max-sm:h-10" onClick={() => onChange(everything)}>
            Clear
          </Button>
        )}
      </div>
      {choice.period === 'days' ? (
        <div className="flex flex-wrap items-center gap-2 text-[13px]">
          <Day label="From" value={choice.from} max={choice.to} onChange={(from) => set({ from })} />
          <Day label="To" value={choice.to} min={choice.from} onChange={(to) => set({ to })} />
        </div>
      ) : null}
    </div>
  )
}

interface DayProps {
  label: string
  value: string
  min?: string
  max?: string
  onChange(value: string): void
}

function Day({ label, value, min, max, onChange }: DayProps) {
  return (
    <label className="flex items-center gap-2">
      <span className="text-muted-foreground">{label}</span>
      <input
        type="date"
        value={value}
        {...(min ? { min } : {})}
        {...(max ? { max } : {})}
        onChange={(event) => onChange(event.currentTarget.value)}
        className={`${inputStyle} w-40`}
      />
    </label>
  )
}

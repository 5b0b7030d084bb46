'use client'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ProjectAccess } from '@realtime/contracts'
import { Building2, Lock, UsersRound } from 'lucide-react'

interface AccessChoiceProps {
  /** The name of the organization. */
  organization: string
  value: ProjectAccess
  onChange(value: ProjectAccess): void
  disabled?: boolean
}

/** Who sees a project. */
export function AccessChoice({ organization, value, onChange, disabled = false }: AccessChoiceProps) {
  const choices = [
    { value: 'organization', icon: Building2, label: `Everybody in ${organization}`, hint: 'Guests only look' },
    { value: 'teams', icon: UsersRound, label: 'Some teams and people', hint: 'Whom you share it with; admins too' },
    { value: 'private', icon: Lock, label: 'Private', hint: 'Only whom you share it with, and owners' },
  ] as const
  return (
    <fieldset className="grid grid-cols-1 gap-1.5">
      <legend className="mb-1.5 font-medium text-[13px]">Who sees it</legend>
      <RadioGroup
        aria-label="Who sees it"
        value={value}
        disabled={disabled}
        onValueChange={(next) => onChange(next as ProjectAccess)}
        className="grid grid-cols-1 gap-1.5"
      >
        {choices.map(({ value, icon: Icon, label, hint }) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the radio is in it
          <label
            key={value}
            className="flex cursor-pointer items-center gap-3 rounded-lg border px-3 py-2 hover:bg-accent/50 has-data-checked:border-ring has-data-checked:bg-primary-soft/60 has-data-disabled:cursor-default has-data-disabled:opacity-60"
          >
            <Radio.Root
              value={value}
              className="grid size-4 shrink-0 place-items-center rounded-full border border-field data-checked:border-primary data-checked:bg-primary"
            >
              <Radio.Indicator className="size-1.5 rounded-full bg-white" />
            </Radio.Root>
            <span className="min-w-0 flex-1">
              <span className="block truncate text-[13px]">{label}</span>
              <span className="block text-muted-foreground text-xs">{hint}</span>
            </span>
            <Icon aria-hidden className="size-4 shrink-0 text-faint" />
          </label>
        ))}
      </RadioGroup>
    </fieldset>
  )
}

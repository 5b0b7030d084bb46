'use client'
import type { Team } from '@realtime/contracts'
import { CheckField } from '../../../ui/check-field.tsx'

interface TeamChoiceProps {
  teams: Team[]
  chosen: string[]
  onChange(chosen: string[]): void
}

/** Teams that whoever joins comes into; nothing where there are none. */
export function TeamChoice({ teams, chosen, onChange }: TeamChoiceProps) {
  if (teams.length === 0) return null
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium text-[13px]">They come into these teams</legend>
      <div className="grid max-h-40 gap-2 overflow-y-auto rounded-lg border px-3 py-2.5 max-sm:gap-0 max-sm:py-0">
        {teams.map((team) => (
          <CheckField
            key={team.id}
            label={<bdi>{team.name}</bdi>}
            checked={chosen.includes(team.id)}
            onChange={(checked) => onChange(checked ? [...chosen, team.id] : chosen.filter((one) => one !== team.id))}
          />
        ))}
      </div>
    </fieldset>
  )
}

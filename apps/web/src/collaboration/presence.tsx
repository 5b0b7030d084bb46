'use client'
import type { PresenceIdentity } from '@realtime/contracts'
import type { Awareness } from 'y-protocols/awareness'
import { Avatar } from '../ui/avatar.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { usePeople } from './people.ts'

const MOST = 4

/** Who is in the document: oneself first, then the others, the rest as a number. */
export function Presence({ awareness, self }: { awareness: Awareness; self: PresenceIdentity }) {
  const others = usePeople(awareness, self.id)
  const shown = others.length > MOST ? others.slice(0, MOST - 1) : others
  const rest = others.slice(shown.length)
  return (
    <ul data-testid="presence" aria-label="People in this document" className="flex items-center pl-1.5">
      <Face person={self} label={`${self.name} (you)`} />
      {shown.map((person) => (
        <Face key={person.id} person={person} label={person.name} />
      ))}
      {rest.length > 0 ? (
        <li className="-ml-1.5">
          <Tooltip content={rest.map((person) => person.name).join(', ')}>
            <button
              type="button"
              aria-label={`${rest.length} more: ${rest.map((person) => person.name).join(', ')}`}
              className="grid size-7 place-items-center rounded-full bg-accent font-medium text-[11px] text-muted-foreground ring-2 ring-background"
            >
              +{rest.length}
            </button>
          </Tooltip>
        </li>
      ) : null}
    </ul>
  )
}

function Face({ person, label }: { person: PresenceIdentity; label: string }) {
  return (
    <li className="-ml-1.5 fade-in">
      <Tooltip content={label}>
        <button
          type="button"
          aria-label={label}
          className="block cursor-default rounded-full bg-background p-[1.5px] ring-2 ring-background"
          style={{ boxShadow: `inset 0 0 0 1.5px ${person.color}` }}
        >
          <Avatar
            name={person.name}
            image={person.image}
            color={person.color}
            className="size-6 border-[1.5px] border-background text-[10px]"
          />
        </button>
      </Tooltip>
    </li>
  )
}

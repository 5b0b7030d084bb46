'use client'
import type { PresenceIdentity } from '@realtime/contracts'
import type { Awareness } from 'y-protocols/awareness'
import { Avatar } from '../ui/avatar.tsx'
import { cn } from '../ui/classes.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { usePeople } from './people.ts'

const MOST = 4

/** Who is in the document: oneself first, then the others, the rest as a number. A narrow bar shows one other. */
export function Presence({ awareness, self }: { awareness: Awareness; self: PresenceIdentity }) {
  const others = usePeople(awareness, self.id)
  const shown = others.length > MOST ? others.slice(0, MOST - 1) : others
  const rest = others.slice(shown.length)
  return (
    <ul data-testid="presence" aria-label="People in this document" className="flex items-center pl-1.5">
      <Face person={self} label={`${self.name} (you)`} className="@max-xl:hidden" />
      {shown.map((person, index) => (
        <Face
          key={person.id}
          person={person}
          label={person.name}
          className={index > 0 ? '@max-xl:hidden' : undefined}
        />
      ))}
      <More people={rest} className="@max-xl:hidden" />
      <More people={others.slice(1)} className="@xl:hidden" />
    </ul>
  )
}

/** Those whose face has no room; nothing for none. */
function More({ people, className }: { people: PresenceIdentity[]; className: string }) {
  if (people.length === 0) return null
  const names = people.map((person) => person.name).join(', ')
  return (
    <li className={cn('-ml-1.5', className)}>
      <Tooltip content={names}>
        <button
          type="button"
          aria-label={`${people.length} more: ${names}`}
          className="grid size-7 place-items-center rounded-full bg-accent font-medium text-[11px] text-muted-foreground ring-2 ring-background"
        >
          +{people.length}
        </button>
      </Tooltip>
    </li>
  )
}

function Face({
  person,
  label,
  className,
}: {
  person: PresenceIdentity
  label: string
  className?: string | undefined
}) {
  return (
    <li className={cn('-ml-1.5 fade-in', className)}>
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

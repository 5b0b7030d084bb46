'use client'
import { colorOf } from '@realtime/contracts'
import { useEffect, useRef } from 'react'
import { Avatar } from '../ui/avatar.tsx'
import { cn } from '../ui/classes.ts'
import type { Person } from './mention-text.ts'

interface MentionListProps {
  id: string
  people: readonly (Person & { image: string | null })[]
  chosen: number
  onPoint(index: number): void
  onChoose(person: Person): void
}

/** People to choose from. The field keeps the focus, and says which of them is meant. */
export function MentionList({ id, people, chosen, onPoint, onChoose }: MentionListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label="People"
      className="max-h-44 overflow-y-auto border-t p-1"
    >
      {people.map((person, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field hands its keys over
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
        <div
          key={person.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onPointerMove={() => onPoint(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(person)}
          className={cn(
            'flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 text-[13px] pointer-coarse:min-h-11',
            index === chosen && 'bg-accent',
          )}
        >
          <Avatar name={person.name} image={person.image} color={colorOf(person.id)} className="size-5 text-[9px]" />
          <span dir="auto" className="min-w-0 flex-1 truncate text-left">
            {person.name}
          </span>
        </div>
      ))}
    </div>
  )
}

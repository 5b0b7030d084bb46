'use client'
import { colorOf } from '@realtime/contracts'
import { Search } from 'lucide-react'
import { useId, useState } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { inputStyle } from '../../ui/field.tsx'
import { found } from './search.ts'

interface Person {
  id: string
  name: string
  image: string | null
  email?: string
}

interface PeoplePickerProps {
  label: string
  people: Person[]
  chosen: readonly string[]
  onToggle(id: string): void
  /** Whether only one can be chosen. */
  single?: boolean
  /** What stands there when there is nobody at all. */
  empty: string
}

/** People to choose from, with a search where there are many. */
export function PeoplePicker({ label, people, chosen, onToggle, single = false, empty }: PeoplePickerProps) {
  const name = useId()
  const [q, setQ] = useState('')
  const shown = people.filter((person) => found(q, person.name, person.email))
  if (people.length === 0) return <p className="py-3 text-[13px] text-muted-foreground">{empty}</p>
  return (
    <div className="grid gap-2">
      {people.length > 6 ? <SearchField label={`Search in ${label.toLowerCase()}`} value={q} onChange={setQ} /> : null}
      <ul aria-label={label} className="max-h-72 divide-y overflow-y-auto rounded-lg border">
        {shown.map((person) => (
          <li key={person.id}>
            <label className="flex min-h-11 cursor-pointer items-center gap-3 px-3.5 py-2 hover:bg-accent/50">
              <input
                type={single ? 'radio' : 'checkbox'}
                name={name}
                checked={chosen.includes(person.id)}
                onChange={() => onToggle(person.id)}
                className="size-4 shrink-0 accent-(--primary)"
              />
              <Avatar name={person.name} image={person.image} color={colorOf(person.id)} />
              <span className="min-w-0 flex-1">
                <span dir="auto" className="block truncate text-left text-[13px]">
                  {person.name}
                </span>
                {person.email ? (
                  <span className="block truncate text-muted-foreground text-xs">{person.email}</span>
                ) : null}
              </span>
            </label>
          </li>
        ))}
        {shown.length === 0 ? <li className="px-3.5 py-4 text-[13px] text-muted-foreground">Nobody found</li> : null}
      </ul>
    </div>
  )
}

/** A field to search with. */
export function SearchField({
  label,
  value,
  onChange,
  className,
}: {
  label: string
  value: string
  onChange(value: string): void
  className?: string
}) {
  return (
    <div className={`relative ${className ?? ''}`}>
      <Search aria-hidden className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-4 text-faint" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        maxLength={100}
        dir="auto"
        onChange={(event) => onChange(event.currentTarget.value)}
        className={`${inputStyle} pl-8.5`}
      />
    </div>
  )
}

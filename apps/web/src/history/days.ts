import type { Version } from '@realtime/contracts'

/** Versions of one calendar day, newest first. */
export interface Day {
  /** "Today", "Yesterday", or the date. */
  label: string
  versions: Version[]
}

/** Groups versions, newest first, by the calendar days of where the reader is. */
export function daysOf(versions: readonly Version[], now = new Date()): Day[] {
  const days: Day[] = []
  for (const version of versions) {
    const label = dayOf(new Date(version.at), now)
    const last = days.at(-1)
    if (last?.label === label) last.versions.push(version)
    else days.push({ label, versions: [version] })
  }
  return days
}

function dayOf(at: Date, now: Date): string {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year }).format(at)
}

/** The time of a version, as the clock shows it. */
export function clockOf(at: string): string {
  return new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
}

/** What a version is called where one name is needed. */
export function nameOf(version: Version): string {
  if (version.name) return version.name
  return version.reason === 'before-restore' ? 'Before a restore' : `Version of ${clockOf(version.at)}`
}

/** The people of a version in words: "Ann", "Ann and Bob", "Ann, Bob and 3 more". */
export function peopleIn(version: Version): string {
  const names = version.people.map((person) => person.name)
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names)
}

import type { Grantee, Member, Team } from '@realtime/contracts'

/** Whom something can be shared with, or who can be invited first. */
export interface Candidate {
  type: 'user' | 'team' | 'invite'
  id: string
  name: string
  detail: string
  image?: string | null
}

/** The people and teams of an organization but oneself and those who were let in here already. */
export function candidatesOf(
  members: readonly Member[],
  teams: readonly Team[],
  present: readonly Grantee[],
  self: string,
): Candidate[] {
  const here = new Set(present.map(({ type, id }) => `${type}/${id}`))
  const people = members.map(({ userId, name, email, image }) => ({
    type: 'user' as const,
    id: userId,
    name,
    detail: email,
    image,
  }))
  const groups = teams.map(({ id, name, members }) => ({
    type: 'team' as const,
    id,
    name,
    detail: members === 1 ? 'Team of 1' : `Team of ${members}`,
  }))
  return [...groups, ...people].filter((one) => one.id !== self && !here.has(`${one.type}/${one.id}`))
}

/** Whether each word typed begins a word of the name, or is in the address. */
export function matches({ name, detail, type }: Candidate, typed: string): boolean {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const text = name.toLocaleLowerCase()
  const address = type === 'user' ? detail.toLocaleLowerCase() : ''
  // Scripts without spaces have no beginnings of words.
  return words.every(
    (word) =>
      ` ${text}`.includes(` ${word}`) ||
      address.includes(word) ||
      (/[\u0080-\uffff]/.test(word) && text.includes(word)),
  )
}

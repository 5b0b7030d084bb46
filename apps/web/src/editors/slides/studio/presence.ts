import { type PresenceIdentity, presenceIdentity } from '@realtime/contracts'
import type { Awareness } from 'y-protocols/awareness'
import { z } from 'zod'
import { useAwareness } from '../../../collaboration/people.ts'

// Where everybody is, in the presence field `slides`. Others' words are checked: anybody may write anything.

const name = z.string().min(1).max(64)
const whereabouts = z.object({
  slide: name,
  /** The elements selected. */
  elements: z.array(name).max(200).catch([]),
})
const COLOR = /^#[0-9a-f]{6}$/i

/** Somebody else who looks at a slide. */
export interface Visitor {
  clientId: number
  person: PresenceIdentity
  slide: string
  elements: string[]
}

/** Says where one is. */
export function stand(awareness: Awareness, at: { slide: string; elements: string[] } | null): void {
  awareness.setLocalStateField('slides', at && { ...at, elements: at.elements.slice(0, 200) })
}

/** Where all others are, each window of theirs once. */
export function visitorsOf(awareness: Awareness): Visitor[] {
  const visitors: Visitor[] = []
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue
    const at = whereabouts.safeParse(state.slides)
    const person = presenceIdentity.safeParse(state.user)
    if (!at.success || !person.success) continue
    const color = COLOR.test(person.data.color) ? person.data.color : '#7c7c86'
    visitors.push({ clientId, person: { ...person.data, color }, ...at.data })
  }
  return visitors
}

/** `visitorsOf` as state. */
export function useVisitors(awareness: Awareness): Visitor[] {
  return useAwareness(awareness, visitorsOf)
}

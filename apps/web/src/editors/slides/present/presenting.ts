import { type PresenceIdentity, presenceIdentity } from '@realtime/contracts'
import { STAGE } from '@realtime/resources'
import type { Awareness } from 'y-protocols/awareness'
import { z } from 'zod'
import { useAwareness } from '../../../collaboration/people.ts'

// What presenters and followers say of themselves in presence. Others' words are checked: anybody may write anything.

const point = z.object({ x: z.number().min(0).max(STAGE.width), y: z.number().min(0).max(STAGE.height) })
export type Point = z.infer<typeof point>

const presenting = z.object({
  slide: z.string().min(1).max(64),
  /** When the presentation began, in milliseconds. */
  since: z.number().nonnegative(),
  black: z.boolean().catch(false),
  /** Where the laser pointer is on the stage. */
  laser: point.nullable().catch(null),
})
export type Presenting = z.infer<typeof presenting>

/** Somebody who presents, with where they are. */
export interface Presenter {
  person: PresenceIdentity
  at: Presenting
}

/** Says where one is in one's own presentation; null ends it. */
export function present(awareness: Awareness, at: Presenting | null): void {
  awareness.setLocalStateField('presenting', at)
}

/** Says whom one follows, by their user id; null nobody. */
export function follow(awareness: Awareness, user: string | null): void {
  awareness.setLocalStateField('following', user)
}

/** Who presents now but this very window, each once, whoever began last first. */
export function presentersOf(awareness: Awareness): Presenter[] {
  const presenters = new Map<string, Presenter>()
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue
    const person = presenceIdentity.safeParse(state.user)
    const at = presenting.safeParse(state.presenting)
    if (!person.success || !at.success) continue
    const known = presenters.get(person.data.id)
    if (!known || known.at.since < at.data.since) presenters.set(person.data.id, { person: person.data, at: at.data })
  }
  return [...presenters.values()].sort((one, other) => other.at.since - one.at.since)
}

/** Who follows a person now, each once. */
export function followersOf(awareness: Awareness, user: string): PresenceIdentity[] {
  const followers = new Map<string, PresenceIdentity>()
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID || state.following !== user) continue
    const person = presenceIdentity.safeParse(state.user)
    if (person.success) followers.set(person.data.id, person.data)
  }
  return [...followers.values()]
}

/** `presentersOf` as state. */
export function usePresenters(awareness: Awareness): Presenter[] {
  return useAwareness(awareness, presentersOf)
}

/** `followersOf` as state. */
export function useFollowers(awareness: Awareness, user: string): PresenceIdentity[] {
  return useAwareness(awareness, (from) => followersOf(from, user))
}

import { type PresenceIdentity, presenceIdentity } from '@realtime/contracts'
import { useCallback, useRef, useSyncExternalStore } from 'react'
import type { Awareness } from 'y-protocols/awareness'

/** Everybody in a document but oneself, each once however many tabs they have, in the order they came. */
export function peopleOf(awareness: Awareness, self: string): PresenceIdentity[] {
  const people = new Map<string, PresenceIdentity>()
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue
    const person = presenceIdentity.safeParse(state.user)
    if (person.success && person.data.id !== self && !people.has(person.data.id))
      people.set(person.data.id, person.data)
  }
  return [...people.values()]
}

/** `peopleOf` as state. */
export function usePeople(awareness: Awareness, self: string): PresenceIdentity[] {
  const last = useRef<PresenceIdentity[]>([])
  const subscribe = useCallback(
    (listener: () => void) => {
      awareness.on('change', listener)
      return () => awareness.off('change', listener)
    },
    [awareness],
  )
  const read = () => {
    const next = peopleOf(awareness, self)
    // Carets move many times a second: the same people must be the same value.
    if (JSON.stringify(next) !== JSON.stringify(last.current)) last.current = next
    return last.current
  }
  return useSyncExternalStore(subscribe, read, read)
}

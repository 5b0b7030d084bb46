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
  return useAwareness(awareness, (from) => peopleOf(from, self))
}

/**
 * What is read of presence, as state. Carets move many times a second: what is equal as JSON stays the same value.
 */
export function useAwareness<T>(awareness: Awareness, read: (awareness: Awareness) => T): T {
  const last = useRef<{ json: string; value: T } | null>(null)
  const subscribe = useCallback(
    (listener: () => void) => {
      awareness.on('change', listener)
      return () => awareness.off('change', listener)
    },
    [awareness],
  )
  const snapshot = () => {
    const value = read(awareness)
    const json = JSON.stringify(value)
    if (last.current?.json !== json) last.current = { json, value }
    return last.current.value
  }
  return useSyncExternalStore(subscribe, snapshot, snapshot)
}

import { socketLimits } from '@realtime/contracts'
import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding'
import { type Awareness, applyAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness'
import type { PresenceEntry } from './wire/index.ts'

/** How often the own presence is sent at most, in milliseconds. */
const PRESENCE_MS = 40

/** Carries y-protocols awareness over our presence messages: latest wins, identity stamped by the server. */
export interface PresenceLink {
  /** Takes the server's entries. */
  receive(entries: PresenceEntry[]): void
  /** Sends the own state now, after joining. */
  announce(): void
  /** Forgets everybody else, when the connection is lost. */
  clear(): void
  stop(): void
}

/** Links `awareness` to `send`, which gets the own state as JSON, or '' when there is none. */
export function linkPresence(awareness: Awareness, origin: object, send: (json: string) => void): PresenceLink {
  let timer: ReturnType<typeof setTimeout> | undefined
  const announce = (): void => {
    clearTimeout(timer)
    timer = undefined
    const state = awareness.getLocalState()
    const json = state === null ? '' : JSON.stringify(state)
    // A state that the server would refuse is not worth the connection: others keep seeing the last one.
    if (json.length <= socketLimits.presence) send(json)
  }
  const changed = (changes: { added: number[]; updated: number[]; removed: number[] }, from: unknown): void => {
    if (from === origin) return
    const own = awareness.clientID
    const touched = changes.added.includes(own) || changes.updated.includes(own) || changes.removed.includes(own)
    if (touched) timer ??= setTimeout(announce, PRESENCE_MS)
  }
  awareness.on('update', changed)
  return {
    receive(entries) {
      const gone = entries.filter((entry) => entry.json === '' && entry.clientId !== awareness.clientID)
      const here = entries.filter((entry) => entry.json !== '' && entry.clientId !== awareness.clientID)
      if (gone.length > 0)
        removeAwarenessStates(
          awareness,
          gone.map((entry) => entry.clientId),
          origin,
        )
      if (here.length > 0) applyAwarenessUpdate(awareness, awarenessUpdate(awareness, here), origin)
    },
    announce,
    clear() {
      const others = [...awareness.getStates().keys()].filter((clientId) => clientId !== awareness.clientID)
      if (others.length > 0) removeAwarenessStates(awareness, others, origin)
    },
    stop() {
      clearTimeout(timer)
      awareness.off('update', changed)
    },
  }
}

/** An awareness update (y-protocols' own form) that makes the entries the newest states. */
function awarenessUpdate(awareness: Awareness, entries: PresenceEntry[]): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, entries.length)
  for (const entry of entries) {
    writeVarUint(encoder, entry.clientId)
    writeVarUint(encoder, (awareness.meta.get(entry.clientId)?.clock ?? 0) + 1)
    writeVarString(encoder, entry.json)
  }
  return toUint8Array(encoder)
}

import type { OutboxStore } from '@realtime/client'
import { indexedDbStore } from '@realtime/client/indexeddb'

const opened = new Map<string, OutboxStore>()

/** What one person's edits wait in on this device, and where their private copies are. */
export function outboxOf(userId: string): OutboxStore {
  const store = opened.get(userId) ?? indexedDbStore(userId)
  opened.set(userId, store)
  return store
}

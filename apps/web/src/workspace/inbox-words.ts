import type { Notification } from '@realtime/contracts'
import { ageOf } from './time.ts'

/** What somebody did, between their name and what they did it with. */
export const notificationWords: Record<Notification['type'], string> = {
  invited: 'let you into',
  mentioned: 'mentioned you in',
  shared: 'shared with you',
  commented: 'commented on',
}

export interface InboxSection {
  age: ReturnType<typeof ageOf>
  notifications: Notification[]
}

/** Notifications, the newest first, by how long ago they came. */
export function sectionsOf(notifications: readonly Notification[], now = Date.now()): InboxSection[] {
  const sections: InboxSection[] = []
  for (const one of notifications) {
    const age = ageOf(one.at, now)
    const last = sections.at(-1)
    if (last?.age === age) last.notifications.push(one)
    else sections.push({ age, notifications: [one] })
  }
  return sections
}

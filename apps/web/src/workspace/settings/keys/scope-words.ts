import type { KeyScope } from '@realtime/contracts'

/** What a scope of an API key allows, in plain words. */
export const scopeWords: Record<KeyScope, { label: string; hint: string }> = {
  'documents:read': { label: 'Read documents', hint: 'Every project and document that you can see, with its history.' },
  'documents:write': {
    label: 'Change documents',
    hint: 'Create, write, move, share and delete wherever you may. It includes reading.',
  },
  'organizations:read': { label: 'See organizations', hint: 'Your organizations, their members and teams.' },
}

/** How long keys may live, in days; null is for ever. */
export const lives = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'One year' },
  { days: null, label: 'No expiry' },
] as const

/** The end of a key in words, and whether it is near (14 days) or past. */
export function expiryWords(expiresAt: string | null, now = Date.now()): { text: string; near: boolean } {
  if (expiresAt === null) return { text: 'never expires', near: false }
  const date = new Date(expiresAt).toLocaleDateString('en', { dateStyle: 'medium' })
  const left = Date.parse(expiresAt) - now
  if (left <= 0) return { text: `expired on ${date}`, near: true }
  return { text: `expires on ${date}`, near: left < 14 * 86_400_000 }
}

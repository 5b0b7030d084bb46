import { type AccessReason, atLeastLevel, type Level, levels, type ShareLink } from '@realtime/contracts'

/** Levels in words. */
export const levelWords: Record<Level, { label: string; hint: string }> = {
  view: { label: 'Can view', hint: 'Reads and exports' },
  comment: { label: 'Can comment', hint: 'Reads and comments' },
  edit: { label: 'Can edit', hint: 'Changes it, and shares it on' },
  manage: { label: 'Can manage', hint: 'Everything, with links and moving it out' },
}

/** The levels that somebody with `own` may give: none above their own, and none at all without sharing. */
export function givable(own: Level): Level[] {
  return atLeastLevel(own, 'edit') ? levels.filter((level) => atLeastLevel(own, level)) : []
}

/** The same of oneself: "is an owner" is "you are an owner". */
export function ofYou(words: string): string {
  const verbs: Record<string, string> = { is: 'are', was: 'were', uses: 'use', has: 'have' }
  return words.replace(/^\w+/, (verb) => `you ${verbs[verb] ?? verb}`)
}

/** One way by which somebody has access, as a sentence without its subject. */
export function reasonInWords({ source, via }: AccessReason): string {
  const named = via ? `“${via}”` : ''
  switch (source) {
    case 'owner':
      return `is an owner of ${named || 'the organization'}`
    case 'admin':
      return `is an admin of ${named || 'the organization'}`
    case 'organization':
      return `is in the organization, to which ${named ? `${named} is` : 'this is'} open`
    case 'team':
      return `is in the team ${named}`.trim()
    case 'person':
      return named ? `was let into ${named}` : 'was let in by name'
    case 'creator':
      return named ? `created ${named}` : 'created it'
    case 'link':
      return named ? `came by the link ${named}` : 'came by a link'
    case 'key':
      return named ? `uses the API key ${named}` : 'uses an API key'
    case 'service':
      return 'is a part of the platform'
    case 'none':
      return 'has no way in'
  }
}

const day = (time: string) => new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' })

/** Why a link lets nobody in any more; null while it does. */
export function whyOver(link: ShareLink, now = Date.now()): string | null {
  if (link.expiresAt !== null && Date.parse(link.expiresAt) <= now) return `Expired on ${day(link.expiresAt)}`
  if (link.maxUses !== null && link.uses >= link.maxUses) return 'Used up'
  return null
}

/** What limits a link, and how many have come by it. */
export function linkInWords(link: ShareLink, now = Date.now()): string {
  const over = whyOver(link, now)
  const came =
    link.maxUses === null
      ? link.uses === 1
        ? '1 visitor'
        : `${link.uses} visitors`
      : `${link.uses} of ${link.maxUses} visitors`
  return [
    over,
    link.password ? 'with a password' : null,
    link.expiresAt && over === null ? `until ${day(link.expiresAt)}` : null,
    came,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** The choices for how long a link holds, in days; null for ever. */
export const linkLives = [
  { value: 'never', label: 'Never expires', days: null },
  { value: '1', label: 'Expires in a day', days: 1 },
  { value: '7', label: 'Expires in a week', days: 7 },
  { value: '30', label: 'Expires in 30 days', days: 30 },
] as const

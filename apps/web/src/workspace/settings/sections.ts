import type { Role } from '@realtime/contracts'

/** What the settings are split into, each with an address of its own: `/settings/NAME`. */
export const sectionNames = [
  'account',
  'security',
  'keys',
  'organization',
  'members',
  'teams',
  'invitations',
  'audit',
  'billing',
  'administration',
  'outbox',
] as const
export type SectionName = (typeof sectionNames)[number]

export const sectionWords: Record<SectionName, { label: string; hint: string }> = {
  account: { label: 'Account', hint: 'Your name, picture, address and theme' },
  security: { label: 'Security', hint: 'How you sign in, and where you are signed in' },
  keys: { label: 'API keys', hint: 'For programs that act in your name' },
  organization: { label: 'General', hint: 'Name, address and logo of the organization' },
  members: { label: 'Members', hint: 'Who is here, and in which role' },
  teams: { label: 'Teams', hint: 'People with whom things are shared together' },
  invitations: { label: 'Invitations', hint: 'Who may come, by mail or by link' },
  audit: { label: 'Audit log', hint: 'Who did what, when and from where' },
  billing: { label: 'Billing', hint: 'The plan, what is used of it, and invoices' },
  administration: { label: 'Administration', hint: 'Who may sign up, people, mail and health' },
  outbox: { label: 'Outbox', hint: 'Mails that wait because none are sent' },
}

/** Whose settings they are: the person's, the organization's, the server's. */
export const sectionGroups = [
  { of: 'person', names: ['account', 'security', 'keys'] },
  { of: 'organization', names: ['organization', 'members', 'teams', 'invitations', 'audit', 'billing'] },
  { of: 'server', names: ['administration', 'outbox'] },
] as const satisfies readonly { of: string; names: readonly SectionName[] }[]

/** Who looks at the settings. */
export interface Viewer {
  /** In the organization shown; undefined while it is loading. */
  role: Role | undefined
  administrator: boolean
}

/** Why somebody has no business in a section; null where they have. The services decide; this only says it early. */
export function closedTo(name: SectionName, viewer: Viewer): string | null {
  const { role } = viewer
  if ((name === 'administration' || name === 'outbox') && !viewer.administrator)
    return 'This is for the administrators of this server.'
  if ((name === 'invitations' || name === 'audit') && role !== undefined && role !== 'owner' && role !== 'admin')
    return 'This is for the owners and admins of the organization.'
  if (name === 'teams' && role === 'guest') return 'This is for the members of the organization.'
  return null
}

export function isSection(name: string): name is SectionName {
  return (sectionNames as readonly string[]).includes(name)
}

/** What `?tab=` called sections when the settings were one page: addresses that people and Stripe still hold. */
export function sectionOfTab(tab: string): SectionName {
  return tab === 'mail' ? 'outbox' : isSection(tab) ? tab : 'account'
}

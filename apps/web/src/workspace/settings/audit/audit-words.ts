import type { AuditEntry, AuditType } from '@realtime/contracts'

/** What happened, in words that follow a name: "Ada …". */
export const auditWords: Record<AuditType, string> = {
  'organization.created': 'created the organization',
  'organization.changed': 'changed the organization',
  'organization.deletion-requested': 'asked for the deletion of the organization',
  'organization.deletion-cancelled': 'took the deletion of the organization back',
  'organization.ownership-transferred': 'handed the organization over',
  'member.joined': 'joined',
  'member.left': 'left',
  'member.removed': 'removed a member',
  'member.role-changed': 'changed a role',
  'invitation.created': 'made an invitation',
  'invitation.resent': 'sent an invitation again',
  'invitation.revoked': 'revoked an invitation',
  'team.created': 'created a team',
  'team.changed': 'changed a team',
  'team.deleted': 'deleted a team',
  'team.member-added': 'put somebody into a team',
  'team.member-removed': 'took somebody out of a team',
  'billing.checkout-begun': 'began to buy a plan',
  'audit.exported': 'exported the audit log',
  'project.created': 'created a project',
  'project.access-changed': 'changed who sees a project',
  'project.deleted': 'deleted a project',
  'project.shared': 'shared a project',
  'project.unshared': 'ended the sharing of a project',
  'document.shared': 'shared a document',
  'document.unshared': 'ended the sharing of a document',
  'document.trashed': 'moved a document to the trash',
  'document.restored': 'took a document out of the trash',
  'document.purged': 'deleted a document for good',
  'document.moved': 'moved a document',
  'link.created': 'made a link to a document',
  'link.changed': 'changed a link to a document',
  'link.revoked': 'revoked a link to a document',
  'link.opened': 'opened a document by link',
  'version.restored': 'restored a version of a document',
}

/** What is done, as the choice of a filter. */
export function typeLabel(type: AuditType): string {
  const words = auditWords[type]
  return words[0]?.toUpperCase() + words.slice(1)
}

/** Who did it, as far as it is known. */
export function byName({ by }: Pick<AuditEntry, 'by'>): string {
  if (by.name) return by.name
  return by.principal.startsWith('service:') ? 'The server' : 'Somebody who is gone'
}

/** What it was done to, in a word; empty where there is none, and where somebody did it to themselves. */
export function targetName({ by, target }: Pick<AuditEntry, 'by' | 'target'>): string {
  return target && by.principal !== `user:${target.id}` ? target.name : ''
}

const DAY_MS = 24 * 60 * 60 * 1000

/** The times that a filter may take. */
export const periods = [
  { value: 'all', label: 'Any time', days: null },
  { value: 'day', label: 'Last 24 hours', days: 1 },
  { value: 'week', label: 'Last 7 days', days: 7 },
  { value: 'month', label: 'Last 30 days', days: 30 },
  { value: 'days', label: 'From … to …', days: null },
] as const
export type Period = (typeof periods)[number]['value']

/** A filter as a person sets it. */
export interface Choice {
  type: AuditType | 'all'
  by: string
  q: string
  period: Period
  /** Days as fields have them, `2026-05-01`, in the time of this device; empty is open. */
  from: string
  to: string
}

export const everything: Choice = { type: 'all', by: 'all', q: '', period: 'all', from: '', to: '' }

/** A filter as the service takes it. The last day is whole. */
export function queryOf(choice: Choice, now: number): Record<string, string> {
  const query: Record<string, string> = {}
  if (choice.type !== 'all') query.type = choice.type
  if (choice.by !== 'all') query.by = choice.by
  if (choice.q.trim()) query.q = choice.q.trim()
  const days = periods.find(({ value }) => value === choice.period)?.days
  if (days) query.from = new Date(now - days * DAY_MS).toISOString()
  if (choice.period === 'days') {
    const from = dayOf(choice.from)
    const to = dayOf(choice.to)
    if (from) query.from = from.toISOString()
    if (to) query.to = new Date(to.getFullYear(), to.getMonth(), to.getDate() + 1, 0, 0, 0, -1).toISOString()
  }
  return query
}

function dayOf(text: string): Date | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return parts ? new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) : null
}

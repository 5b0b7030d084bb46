import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'
import { line } from './text.ts'

/** For how many days acts are kept. */
export const AUDIT_DAYS = 400

/** What is noted, by what it is about. */
export const auditTypes = [
  'organization.created',
  'organization.changed',
  'organization.deletion-requested',
  'organization.deletion-cancelled',
  'organization.ownership-transferred',
  'member.joined',
  'member.left',
  'member.removed',
  'member.role-changed',
  'invitation.created',
  'invitation.resent',
  'invitation.revoked',
  'team.created',
  'team.changed',
  'team.deleted',
  'team.member-added',
  'team.member-removed',
  'billing.checkout-begun',
  'audit.exported',
  'project.created',
  'project.access-changed',
  'project.deleted',
  'project.shared',
  'project.unshared',
  'document.shared',
  'document.unshared',
  'document.trashed',
  'document.restored',
  'document.purged',
  'document.moved',
  'link.created',
  'link.changed',
  'link.revoked',
  'link.opened',
  'version.restored',
] as const
export const auditType = z.enum(auditTypes)
export type AuditType = z.infer<typeof auditType>

/** One security-relevant act: who did what to what, when and from where. */
export const auditEntry = z.object({
  id,
  type: auditType,
  at: z.string(),
  /** A principal, as in `user:ID`, and what they were called then. */
  by: z.object({ principal: z.string(), name: z.string() }),
  /** What it was done to, and what that was called then. */
  target: z.object({ type: z.string(), id: z.string(), name: z.string() }).nullable(),
  /** More about it, for instance the role before and after. */
  detail: z.record(z.string(), z.string()),
  address: z.string().nullable(),
  device: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof auditEntry>

/** What may be asked of the log. */
export const auditFilter = z.object({
  type: auditType.optional(),
  /** A person: what they did, by themselves or by keys of theirs. */
  by: id.optional(),
  /** Looks in names of people and targets. */
  q: line().max(100).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
})

const byId = z.object({ id })

/** The audit log of an organization: owner and admin. */
export const auditApi = {
  audit: endpoint({
    method: 'GET',
    path: '/orgs/:id/audit',
    summary: 'The audit log, the newest first; `before` (an entry) pages on',
    access: 'user',
    params: byId,
    query: auditFilter.extend({
      before: id.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: z.object({ entries: z.array(auditEntry), more: z.boolean() }),
  }),
  exportAudit: endpoint({
    method: 'GET',
    path: '/orgs/:id/audit/export',
    summary: 'The audit log, as far as a filter takes, the newest first, as CSV or lines of JSON; noted itself',
    access: 'user',
    params: byId,
    query: auditFilter.extend({ format: z.enum(['csv', 'jsonl']).default('csv') }),
    response: 'binary',
  }),
}

/** Who did something, as other services tell it: `person` is who stands behind a principal, for instance behind a key. */
export const noter = z.object({
  principal: z.string(),
  /** Null: as auth calls the person now. */
  name: z.string().nullable(),
  person: id.nullable().default(null),
})

/** By which other services note acts, on organization's second port. */
export const auditInternal = {
  note: endpoint({
    method: 'POST',
    path: '/internal/audit/:organizationId',
    summary:
      'Note acts of an organization; again with the same id changes nothing, nor for an organization that is gone',
    access: 'service',
    params: z.object({ organizationId: id }),
    body: z.object({
      entries: z
        .array(auditEntry.omit({ by: true }).extend({ by: noter }))
        .min(1)
        .max(100),
    }),
    response: 'empty',
  }),
}

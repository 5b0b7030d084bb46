import { type Actor, AUDIT_DAYS, type AuditEntry, type auditFilter, auditType, Problem } from '@realtime/contracts'
import { z } from 'zod'
import { personOf, roleIn } from '../access.ts'
import type { Context } from '../context.ts'
import type { Prisma, AuditEntry as Row } from '../database/client.ts'

export type Filter = z.output<typeof auditFilter>

const DAY_MS = 24 * 60 * 60 * 1000
const NEWEST_FIRST = [{ at: 'desc' }, { id: 'desc' }] satisfies Prisma.AuditEntryOrderByWithRelationInput[]
const detail = z.record(z.string(), z.string())

/** A page of the audit log, the newest first. @throws Problem `not-found`, `forbidden` */
export async function readAudit(
  ctx: Context,
  actor: Actor,
  input: Filter & { id: string; before?: string | undefined; limit: number },
): Promise<{ entries: AuditEntry[]; more: boolean }> {
  await roleIn(ctx.db, input.id, personOf(actor), 'audit.read')
  const before = input.before === undefined ? null : await placeOf(ctx, input.id, input.before)
  const entries = await entriesBefore(ctx, input.id, input, before, input.limit + 1)
  return { entries: entries.slice(0, input.limit), more: entries.length > input.limit }
}

/** Where an entry stands. */
export interface Place {
  at: Date | string
  id: string
}

/** The entries of an organization before a place, the newest first. */
export async function entriesBefore(
  ctx: Context,
  organizationId: string,
  filter: Filter,
  before: Place | null,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await ctx.db.auditEntry.findMany({
    where: { AND: [matching(organizationId, filter), before ? older(before) : {}] },
    orderBy: NEWEST_FIRST,
    take: limit,
  })
  return rows.map(entryView)
}

/** Forgets what is older than the log reaches. */
export async function forgetOldEntries(ctx: Context): Promise<void> {
  await ctx.db.auditEntry.deleteMany({ where: { at: { lt: new Date(Date.now() - AUDIT_DAYS * DAY_MS) } } })
}

async function placeOf(ctx: Context, organizationId: string, id: string): Promise<Place> {
  const row = await ctx.db.auditEntry.findUnique({ where: { id, organizationId }, select: { at: true, id: true } })
  if (!row) throw new Problem('not-found', 'There is no such entry any more.')
  return row
}

function older({ at, id }: Place): Prisma.AuditEntryWhereInput {
  return { OR: [{ at: { lt: at } }, { at, id: { lt: id } }] }
}

function matching(organizationId: string, { type, by, q, from, to }: Filter): Prisma.AuditEntryWhereInput {
  const contains = q && { contains: q.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const }
  return {
    organizationId,
    ...(type ? { type } : {}),
    ...(by ? { personId: by } : {}),
    ...(contains ? { OR: [{ name: contains }, { targetName: contains }] } : {}),
    ...(from || to ? { at: { ...(from ? { gte: from } : {}), ...(to ? { lt: to } : {}) } } : {}),
  }
}

function entryView(row: Row): AuditEntry {
  const { targetType: type, targetId, targetName } = row
  return {
    id: row.id,
    type: auditType.parse(row.type),
    at: row.at.toISOString(),
    by: { principal: row.principal, name: row.name },
    target: type !== null && targetId !== null ? { type, id: targetId, name: targetName ?? '' } : null,
    detail: detail.parse(row.detail),
    address: row.address,
    device: row.device,
  }
}

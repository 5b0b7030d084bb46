import { createHash, randomBytes } from 'node:crypto'
import { type Actor, type Invitation as InvitationView, Problem, type Role, role } from '@realtime/contracts'
import { atLeast, checkRank, personOf, roleFor } from './access.ts'
import { checkRoom } from './billing/limits.ts'
import { membersChanged } from './billing/reconcile.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Invitation } from './database/client.ts'
import { organizationView } from './organizations.ts'
import { holdOrganization, inTransaction, type Transaction } from './transactions.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Makes an invitation; its link is in this answer only. @throws Problem `not-found`, `forbidden`, `unavailable` (auth) */
export async function invite(
  ctx: Context,
  actor: Actor,
  input: { id: string; role: Role; expiresInDays: number; maxUses: number | null },
): Promise<InvitationView & { url: string }> {
  const createdBy = personOf(actor)
  const check = async (db: Transaction) => checkRank(await managerRole(db, input.id, createdBy), input.role)
  await check(ctx.db)
  const token = randomBytes(32).toString('base64url')
  const tokenHash = hashOf(token)
  const expiresAt = new Date(Date.now() + input.expiresInDays * DAY_MS)
  // First the pass, then the row: a pass whose token nobody holds harms nobody, a link that admits nobody does.
  await ctx.people.admit(tokenHash, expiresAt, input.maxUses)
  const { role: granted, maxUses } = input
  const row = await inTransaction(ctx, async (tx) => {
    await holdOrganization(tx, input.id)
    await check(tx)
    return tx.invitation.create({
      data: { organizationId: input.id, role: granted, tokenHash, createdBy, expiresAt, maxUses },
    })
  })
  return { ...invitationView(row), url: `${ctx.config.PUBLIC_URL}/join/${token}` }
}

/** The invitations that still hold, newest first. @throws Problem `not-found`, `forbidden` */
export async function listInvitations(ctx: Context, actor: Actor, input: { id: string }) {
  await managerRole(ctx.db, input.id, personOf(actor))
  const rows = await ctx.db.invitation.findMany({
    where: { organizationId: input.id, revokedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { id: 'desc' },
  })
  return { invitations: rows.filter(holds).map(invitationView) }
}

/** Withdraws an invitation and the sign-up pass with it; may be called again. @throws Problem `not-found`, `forbidden` */
export async function revokeInvitation(
  ctx: Context,
  actor: Actor,
  input: { id: string; invitationId: string },
): Promise<void> {
  await managerRole(ctx.db, input.id, personOf(actor))
  const where = { id: input.invitationId, organizationId: input.id }
  const row = await ctx.db.invitation.findUnique({ where })
  if (!row) throw new Problem('not-found')
  await ctx.db.invitation.updateMany({ where: { ...where, revokedAt: null }, data: { revokedAt: new Date() } })
  // Also when it was withdrawn before: whoever saw this fail tries again.
  await ctx.people.dismiss(row.tokenHash)
}

/** What a token invites to. @throws Problem `invalid-token` */
export async function previewInvitation(ctx: Context, input: { token: string }) {
  const row = await ctx.db.invitation.findUnique({
    where: { tokenHash: hashOf(input.token) },
    include: { organization: true },
  })
  if (!row || !holds(row)) throw invalid()
  const inviter = (await ctx.people.find([row.createdBy])).get(row.createdBy)
  return {
    organization: { id: row.organization.id, name: row.organization.name },
    role: role.parse(row.role),
    invitedBy: inviter?.name ?? '',
    email: row.email,
    expiresAt: row.expiresAt.toISOString(),
  }
}

/**
 * Joins an organization. Who is a member already with that role or a higher one stays what they are, and no use is
 * counted; so a second call answers like the first.
 * @throws Problem `invalid-token`: unknown, expired, withdrawn, used up, or used by somebody who was removed since;
 * `plan-limit` where the plan has no room for another member
 */
export async function acceptInvitation(ctx: Context, actor: Actor, input: { token: string }) {
  const userId = personOf(actor)
  const tokenHash = hashOf(input.token)
  const { view, usedUp } = await inTransaction(ctx, async (tx) => {
    const found = await tx.invitation.findUnique({ where: { tokenHash } })
    if (!found) throw invalid()
    const organization = await holdOrganization(tx, found.organizationId)
    // Read again: whoever held the organization before may have used or withdrawn it.
    const row = await tx.invitation.findUniqueOrThrow({ where: { tokenHash } })
    const granted = role.parse(row.role)
    const key = { organizationId: organization.id, userId }
    const membership = await tx.membership.findUnique({ where: { organizationId_userId: key } })
    if (membership && atLeast(role.parse(membership.role), granted)) {
      return { view: organizationView(organization, membership), usedUp: false }
    }
    const use = { invitationId: row.id, userId }
    const usedBefore = await tx.invitationUse.findUnique({ where: { invitationId_userId: use } })
    if (!holds(row) || usedBefore) throw invalid()
    const takesSeat = granted !== 'guest' && (!membership || membership.role === 'guest')
    if (takesSeat) await checkRoom(ctx, tx, organization)
    await tx.invitationUse.create({ data: use })
    const { uses } = await tx.invitation.update({ where: { id: row.id }, data: { uses: { increment: 1 } } })
    const joined = await tx.membership.upsert({
      where: { organizationId_userId: key },
      create: { ...key, role: granted },
      update: { role: granted },
    })
    await recordChange(tx, { type: 'membership.changed', ...key })
    return { view: organizationView(organization, joined), usedUp: uses === row.maxUses }
  })
  membersChanged(ctx, view.id)
  if (usedUp) {
    await ctx.people
      .dismiss(tokenHash)
      .catch((err: unknown) => ctx.log.warn({ err }, 'the sign-up pass of a used-up invitation was not withdrawn'))
  }
  return view
}

async function managerRole(db: Transaction, organizationId: string, userId: string): Promise<Role> {
  const membership = await db.membership.findUnique({
    where: { organizationId_userId: { organizationId, userId } },
  })
  return roleFor(membership, 'invitations.manage')
}

function holds(row: Invitation): boolean {
  return row.revokedAt === null && row.expiresAt > new Date() && (row.maxUses === null || row.uses < row.maxUses)
}

function invalid(): Problem {
  return new Problem('invalid-token', 'This invitation is not valid, was withdrawn or used up, or has expired.')
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function invitationView(row: Invitation): InvitationView {
  return {
    id: row.id,
    role: role.parse(row.role),
    email: row.email,
    teams: row.teamIds,
    sentAt: row.sentAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    maxUses: row.maxUses,
    uses: row.uses,
  }
}

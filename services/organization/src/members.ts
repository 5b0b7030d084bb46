import { type Actor, type Member, Problem, type Role, role } from '@realtime/contracts'
import { atLeast, checkRank, leastRole, may, personOf, roleFor } from './access.ts'
import { checkRoom } from './billing/limits.ts'
import { membersChanged } from './billing/reconcile.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Membership, Organization } from './database/client.ts'
import { holdOrganization, inTransaction, type Transaction } from './transactions.ts'

/** The members of an organization, in the order of joining. @throws Problem `not-found` */
export async function listMembers(ctx: Context, actor: Actor, input: { id: string }): Promise<{ members: Member[] }> {
  const key = { organizationId: input.id, userId: personOf(actor) }
  const own = roleFor(await ctx.db.membership.findUnique({ where: { organizationId_userId: key } }), 'members.read')
  const rows = await ctx.db.membership.findMany({
    where: { organizationId: input.id },
    orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }],
  })
  return { members: await memberViews(ctx, rows, own) }
}

/**
 * Changes the role of a member.
 * @throws Problem `not-found`, `forbidden` (rank), `conflict` (the last owner, the person of a personal organization),
 * `plan-limit` (a guest who becomes a member takes a seat)
 */
export async function changeRole(
  ctx: Context,
  actor: Actor,
  input: { id: string; userId: string; role: Role },
): Promise<Member> {
  const { own, changed, withdrawn } = await inTransaction(ctx, async (tx) => {
    const { organization, own, target } = await meet(tx, personOf(actor), input)
    const was = role.parse(target.role)
    roleFor({ role: own }, 'members.change')
    checkRank(own, was)
    checkRank(own, input.role)
    if (was === input.role) return { own, changed: target, withdrawn: [] }
    if (was === 'owner') await checkStays(tx, organization, target.userId)
    if (was === 'guest') await checkRoom(ctx, tx, organization)
    const key = { organizationId: input.id, userId: input.userId }
    const changed = await tx.membership.update({ where: { organizationId_userId: key }, data: { role: input.role } })
    const keeps = atLeast(input.role, leastRole['invitations.manage'])
    const withdrawn = keeps ? [] : await withdrawInvitationsOf(tx, key)
    await recordChange(tx, { type: 'membership.changed', ...key })
    return { own, changed, withdrawn }
  })
  membersChanged(ctx, input.id)
  await dismissAll(ctx, withdrawn)
  const [view] = await memberViews(ctx, [changed], own)
  if (!view) throw new Problem('not-found')
  return view
}

/**
 * Removes a member, or lets one leave.
 * @throws Problem `not-found`, `forbidden` (rank), `conflict` (the last owner, the person of a personal organization)
 */
export async function removeMember(ctx: Context, actor: Actor, input: { id: string; userId: string }): Promise<void> {
  const userId = personOf(actor)
  const withdrawn = await inTransaction(ctx, async (tx) => {
    const { organization, own, target } = await meet(tx, userId, input)
    if (input.userId !== userId) {
      roleFor({ role: own }, 'members.change')
      checkRank(own, role.parse(target.role))
    }
    if (target.role === 'owner') await checkStays(tx, organization, target.userId)
    const key = { organizationId: input.id, userId: input.userId }
    await tx.membership.delete({ where: { organizationId_userId: key } })
    const withdrawn = await withdrawInvitationsOf(tx, key)
    await recordChange(tx, { type: 'membership.changed', ...key })
    return withdrawn
  })
  membersChanged(ctx, input.id)
  await dismissAll(ctx, withdrawn)
}

/** The organization, held, the own role and the member in question. @throws Problem `not-found` for strangers */
async function meet(tx: Transaction, userId: string, input: { id: string; userId: string }) {
  const organization = await holdOrganization(tx, input.id)
  const rows = await tx.membership.findMany({
    where: { organizationId: input.id, userId: { in: [userId, input.userId] } },
  })
  const own = roleFor(
    rows.find((row) => row.userId === userId),
    'organization.read',
  )
  const target = rows.find((row) => row.userId === input.userId)
  if (!target) throw new Problem('not-found', 'This person is not a member.')
  return { organization, own, target }
}

/** An organization keeps an owner, and a personal one its person. @throws Problem `conflict` */
async function checkStays(tx: Transaction, organization: Organization, userId: string): Promise<void> {
  if (organization.personalOwnerId === userId) {
    throw new Problem('conflict', 'This is their own workspace: they stay its owner.')
  }
  const others = await tx.membership.count({
    where: { organizationId: organization.id, role: 'owner', userId: { not: userId } },
  })
  if (others === 0) {
    throw new Problem('conflict', 'The last owner cannot leave or take another role; make somebody else owner first.')
  }
}

/** Who may no longer invite leaves no open links behind, by which they could come back. */
async function withdrawInvitationsOf(
  tx: Transaction,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<string[]> {
  const where = { organizationId, createdBy: userId, revokedAt: null, expiresAt: { gt: new Date() } }
  const rows = await tx.invitation.findMany({ where, select: { tokenHash: true } })
  if (rows.length > 0) await tx.invitation.updateMany({ where, data: { revokedAt: new Date() } })
  return rows.map((row) => row.tokenHash)
}

/** The invitations are withdrawn already; a sign-up pass that auth keeps ends with its own time. */
async function dismissAll(ctx: Context, hashes: string[]): Promise<void> {
  for (const hash of hashes) {
    await ctx.people.dismiss(hash).catch((err: unknown) => ctx.log.warn({ err }, 'a sign-up pass was not withdrawn'))
  }
}

async function memberViews(ctx: Context, rows: Membership[], own: Role): Promise<Member[]> {
  const people = await ctx.people.find(rows.map((row) => row.userId))
  return rows.map((row) => {
    const person = people.get(row.userId)
    return {
      userId: row.userId,
      name: person?.name ?? 'Former account',
      email: may(own, 'members.addresses') ? (person?.email ?? '') : '',
      image: person?.image ?? null,
      role: role.parse(row.role),
      joinedAt: row.joinedAt.toISOString(),
    }
  })
}

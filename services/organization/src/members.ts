import { type Actor, type Member, Problem, type Role, role } from '@realtime/contracts'
import { atLeast, checkRank, isThere, leastRole, may, personOf, readerOf, roleFor, roleIn } from './access.ts'
import { castOf, note } from './audit/notes.ts'
import { checkRoom } from './billing/limits.ts'
import { membersChanged } from './billing/reconcile.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Membership, Organization } from './database/client.ts'
import { holdOrganization, inTransaction, type Transaction } from './transactions.ts'

/** The members of an organization, in the order of joining. @throws Problem `not-found` */
export async function listMembers(ctx: Context, actor: Actor, input: { id: string }): Promise<{ members: Member[] }> {
  const own = await roleIn(ctx.db, input.id, readerOf(actor), 'members.read')
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
  const userId = personOf(actor)
  const cast = await castOf(ctx, actor, input.userId)
  const { own, changed, withdrawn } = await inTransaction(ctx, async (tx) => {
    const { organization, standing, target } = await meet(tx, userId, input)
    const own = roleFor(standing, 'members.change')
    const was = role.parse(target.role)
    checkRank(own, was)
    checkRank(own, input.role)
    if (was === input.role) return { own, changed: target, withdrawn: [] }
    if (was === 'owner') await checkStays(tx, organization, target.userId)
    if (was === 'guest') await checkRoom(ctx, tx, organization)
    const key = { organizationId: input.id, userId: input.userId }
    const changed = await tx.membership.update({ where: { organizationId_userId: key }, data: { role: input.role } })
    const keeps = atLeast(input.role, leastRole['invitations.manage'])
    const withdrawn = keeps ? [] : await withdrawInvitationsOf(tx, key)
    await note(tx, {
      organizationId: input.id,
      by: cast.by,
      type: 'member.role-changed',
      target: cast.target(input.userId),
      detail: { role: input.role, 'role before': was },
    })
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
  const cast = await castOf(ctx, actor, input.userId)
  const withdrawn = await inTransaction(ctx, async (tx) => {
    const { organization, standing, target } = await meet(tx, userId, input)
    const leaves = input.userId === userId
    const own = roleFor(standing, leaves ? 'organization.leave' : 'members.change')
    const was = role.parse(target.role)
    if (!leaves) checkRank(own, was)
    if (was === 'owner') await checkStays(tx, organization, target.userId)
    const withdrawn = await dropMember(tx, target)
    await note(tx, {
      organizationId: input.id,
      by: cast.by,
      type: leaves ? 'member.left' : 'member.removed',
      target: cast.target(input.userId),
      detail: { 'role before': was },
    })
    await recordChange(tx, { type: 'membership.changed', organizationId: input.id, userId: input.userId })
    return withdrawn
  })
  membersChanged(ctx, input.id)
  await dismissAll(ctx, withdrawn)
}

/** Ends a membership and all that hangs on it: teams, and invitations that still hold, whose hashes it answers. */
export async function dropMember(
  tx: Transaction,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<string[]> {
  const key = { organizationId, userId }
  await tx.teamMember.deleteMany({ where: key })
  await tx.membership.delete({ where: { organizationId_userId: key } })
  return withdrawInvitationsOf(tx, key)
}

/** The organization, held, what one is in it, and the member in question. @throws Problem `not-found` for strangers */
export async function meet(tx: Transaction, userId: string, input: { id: string; userId: string }) {
  const organization = await holdOrganization(tx, input.id)
  const rows = await tx.membership.findMany({
    where: { organizationId: input.id, userId: { in: [userId, input.userId] } },
  })
  const mine = rows.find((row) => row.userId === userId)
  const standing = mine && { role: mine.role, organization }
  if (!standing || !isThere(standing)) throw new Problem('not-found')
  const target = rows.find((row) => row.userId === input.userId)
  if (!target) throw new Problem('not-found', 'This person is not a member.')
  return { organization, standing, target }
}

/** How many owners an organization has besides one of them. */
export function countOtherOwners(tx: Transaction, organizationId: string, userId: string): Promise<number> {
  return tx.membership.count({ where: { organizationId, role: 'owner', userId: { not: userId } } })
}

/** An organization keeps an owner, and a personal one its person. @throws Problem `conflict` */
async function checkStays(tx: Transaction, organization: Organization, userId: string): Promise<void> {
  checkNotPersonal(organization, userId)
  if ((await countOtherOwners(tx, organization.id, userId)) === 0) {
    throw new Problem('conflict', 'The last owner cannot leave or take another role; make somebody else owner first.')
  }
}

/** The person of a personal organization stays its owner. @throws Problem `conflict` */
export function checkNotPersonal(organization: Organization, userId: string): void {
  if (organization.personalOwnerId !== userId) return
  throw new Problem('conflict', 'This is their own workspace: they stay its owner.')
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
export async function dismissAll(ctx: Context, hashes: string[]): Promise<void> {
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

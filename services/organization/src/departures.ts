import { byItself, note } from './audit/notes.ts'
import { membersChanged } from './billing/reconcile.ts'
import { recordChanges, type Subject } from './changes.ts'
import type { Context } from './context.ts'
import type { Membership, Organization } from './database/client.ts'
import { beginDeletion, dueSince } from './deletion.ts'
import { countOtherOwners, dismissAll, dropMember } from './members.ts'
import { inTransaction, type Transaction } from './transactions.ts'

/**
 * Takes an account that is gone out of everything here; again changes nothing. What it leaves without an owner gets the
 * longest-standing admin as owner, else the longest-standing member. What nobody is left to own is deleted: at once
 * where nobody is left at all, else after the usual time, since guests had a part in it.
 */
export async function accountGone(ctx: Context, userId: string): Promise<void> {
  ctx.people.forget(userId)
  const memberships = await ctx.db.membership.findMany({ where: { userId }, select: { organizationId: true } })
  for (const { organizationId } of memberships) {
    const heir = await findHeir(ctx.db, organizationId, userId)
    const people = await ctx.people.find(heir ? [heir.userId] : [])
    const nameOf: NameOf = (id) => people.get(id)?.name ?? ''
    const withdrawn = await inTransaction(ctx, (tx) => departFrom(tx, { organizationId, userId, nameOf }))
    membersChanged(ctx, organizationId)
    await dismissAll(ctx, withdrawn)
  }
}

type NameOf = (userId: string) => string

async function departFrom(
  tx: Transaction,
  { organizationId, userId, nameOf }: { organizationId: string; userId: string; nameOf: NameOf },
): Promise<string[]> {
  await tx.$executeRaw`SELECT 1 FROM organizations WHERE id = ${organizationId} FOR UPDATE`
  const organization = await tx.organization.findUnique({ where: { id: organizationId } })
  const key = { organizationId, userId }
  const membership = await tx.membership.findUnique({ where: { organizationId_userId: key } })
  if (!organization || !membership) return []
  const ownerless = membership.role === 'owner' && (await countOtherOwners(tx, organizationId, userId)) === 0
  const withdrawn = await dropMember(tx, key)
  await note(tx, {
    organizationId,
    by: byItself,
    type: 'member.left',
    target: { type: 'user', id: userId, name: 'Former account' },
    detail: { reason: 'the account was deleted', 'role before': membership.role },
  })
  const changes: Subject[] = [{ type: 'membership.changed', ...key }]
  if (organization.personalOwnerId === userId) {
    await endNow(tx, organization)
    changes.push({ type: 'organization.changed', organizationId })
  } else if (ownerless) changes.push(await passOn(tx, organization, nameOf))
  await recordChanges(tx, changes)
  return withdrawn
}

/** Finds an owner for an organization that has none, or ends it. */
async function passOn(tx: Transaction, organization: Organization, nameOf: NameOf): Promise<Subject> {
  const { id: organizationId } = organization
  const heir = await findHeir(tx, organizationId)
  if (heir) {
    const { userId } = heir
    await tx.membership.update({
      where: { organizationId_userId: { organizationId, userId } },
      data: { role: 'owner' },
    })
    await note(tx, {
      organizationId,
      by: byItself,
      type: 'organization.ownership-transferred',
      target: { type: 'user', id: userId, name: nameOf(userId) },
      detail: { reason: 'the account of the last owner was deleted', 'role before': heir.role },
    })
    return { type: 'membership.changed', organizationId, userId }
  }
  const left = await tx.membership.count({ where: { organizationId } })
  if (left === 0) await endNow(tx, organization)
  else if (organization.deletionAskedAt === null) {
    await beginDeletion(tx, organization, { by: byItself, userId: null })
  }
  return { type: 'organization.changed', organizationId }
}

/** Who becomes owner where there is none: the longest-standing admin, else member, but for one who goes. */
async function findHeir(db: Transaction, organizationId: string, without = ''): Promise<Membership | null> {
  const longestStanding = (role: string) =>
    db.membership.findFirst({
      where: { organizationId, role, userId: { not: without } },
      orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }],
    })
  return (await longestStanding('admin')) ?? longestStanding('member')
}

/** Its time is over: the next look deletes it. */
async function endNow(tx: Transaction, { id, deletionAskedBy }: Organization): Promise<void> {
  await tx.organization.update({ where: { id }, data: { deletionAskedAt: dueSince(), deletionAskedBy } })
}

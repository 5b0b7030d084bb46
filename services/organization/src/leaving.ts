import { type Actor, Problem } from '@realtime/contracts'
import { personOf } from './access.ts'
import { type Cast, castOf, note } from './audit/notes.ts'
import { goesOn } from './billing/ending.ts'
import { membersChanged } from './billing/reconcile.ts'
import { recordChanges, type Subject } from './changes.ts'
import type { Context } from './context.ts'
import type { Membership, Organization } from './database/client.ts'
import { beginDeletion } from './deletion.ts'
import { countOtherOwners, dismissAll, dropMember } from './members.ts'
import { holdOrganization, inTransaction, type Transaction } from './transactions.ts'

/** What becomes of an organization when somebody leaves all: without anybody else in it, it goes as well. */
type Way = 'leave' | 'delete' | 'stuck'

/**
 * Leaves every organization, before an account is deleted. The own workspace, and what has nobody else in it, is to be
 * deleted; they keep their owner until the account is gone, who can take it back until then. All of it or nothing.
 * @throws Problem `conflict`, with names in `organizations`: the last owner of some with others in them, or a
 * subscription that goes on
 */
export async function leaveAll(ctx: Context, actor: Actor): Promise<void> {
  const userId = personOf(actor)
  const cast = await castOf(ctx, actor, userId)
  const { left, withdrawn } = await inTransaction(ctx, async (tx) => {
    const memberships = await tx.membership.findMany({ where: { userId }, orderBy: { organizationId: 'asc' } })
    const ways = []
    // Always in the order of their ids: two who leave all at once never wait for each other.
    for (const membership of memberships) {
      const organization = await holdOrganization(tx, membership.organizationId)
      const way = await wayOut(ctx, tx, organization, membership)
      ways.push({ organization, membership, way })
    }
    const stuck = ways.filter(({ way }) => way === 'stuck').map(({ organization }) => organization.name)
    if (stuck.length > 0) throw stuckIn(stuck)
    const changes: Subject[] = []
    const withdrawn: string[] = []
    const left: string[] = []
    for (const { organization, membership, way } of ways) {
      const organizationId = organization.id
      if (way === 'leave') {
        withdrawn.push(...(await dropMember(tx, membership)))
        await noteLeft(tx, cast, membership)
        changes.push({ type: 'membership.changed', organizationId, userId })
        left.push(organizationId)
      } else if (organization.deletionAskedAt === null) {
        await beginDeletion(tx, organization, { by: cast.by, userId })
        changes.push({ type: 'organization.changed', organizationId })
      }
    }
    await recordChanges(tx, changes)
    return { left, withdrawn }
  })
  for (const id of left) membersChanged(ctx, id)
  await dismissAll(ctx, withdrawn)
}

async function wayOut(
  ctx: Context,
  tx: Transaction,
  organization: Organization,
  { role, userId }: Membership,
): Promise<Way> {
  const { id: organizationId } = organization
  const others = await tx.membership.count({ where: { organizationId, userId: { not: userId } } })
  if (organization.personalOwnerId === userId || others === 0) {
    return (await goesOn(ctx, tx, organizationId)) ? 'stuck' : 'delete'
  }
  if (role !== 'owner' || (await countOtherOwners(tx, organizationId, userId)) > 0) return 'leave'
  // One that is to be deleted needs no other owner.
  return organization.deletionAskedAt === null ? 'stuck' : 'delete'
}

function stuckIn(organizations: string[]): Problem {
  return new Problem(
    'conflict',
    `Make somebody else owner, or cancel the subscription, or delete them first: ${organizations.join(', ')}.`,
    { extra: { organizations } },
  )
}

async function noteLeft(tx: Transaction, cast: Cast, membership: Membership): Promise<void> {
  const { organizationId, userId, role } = membership
  const detail = { 'role before': role }
  await note(tx, { organizationId, by: cast.by, type: 'member.left', target: cast.target(userId), detail })
}

import { type Actor, type OutputOf, type organizationApi, Problem, type WayOut } from '@realtime/contracts'
import { isThere, personOf } from './access.ts'
import { type Cast, castOf, note } from './audit/notes.ts'
import { goesOn } from './billing/ending.ts'
import { membersChanged } from './billing/reconcile.ts'
import { recordChanges, type Subject } from './changes.ts'
import type { Context } from './context.ts'
import type { Membership, Organization } from './database/client.ts'
import { beginDeletion } from './deletion.ts'
import { countOtherOwners, dismissAll, dropMember } from './members.ts'
import { membershipsOf } from './organizations.ts'
import { holdOrganization, inTransaction, type Transaction } from './transactions.ts'

/** What `leaveAll` would do now. */
export async function waysOut(ctx: Context, actor: Actor): Promise<OutputOf<typeof organizationApi.waysOut>> {
  const userId = personOf(actor)
  const rows = (await membershipsOf(ctx, userId)).filter(isThere)
  const organizations = []
  for (const { organization, ...membership } of rows) {
    const { id, name, personalOwnerId } = organization
    const others = await countOthers(ctx.db, membership)
    const way = await wayOut(ctx, ctx.db, organization, membership)
    organizations.push({ id, name, personal: personalOwnerId === userId, others, way })
  }
  return { organizations }
}

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
    const stuck = ways.flatMap(({ organization, way }) => (holds.includes(way) ? [organization.name] : []))
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

/** What keeps somebody from leaving all. */
const holds: readonly WayOut[] = ['last-owner', 'subscription']

/** Without anybody else in it, an organization goes with whoever leaves; the own workspace always does. */
async function wayOut(
  ctx: Context,
  tx: Transaction,
  organization: Organization,
  membership: Membership,
): Promise<WayOut> {
  const { organizationId, userId, role } = membership
  if (organization.personalOwnerId === userId || (await countOthers(tx, membership)) === 0) {
    return (await goesOn(ctx, tx, organizationId)) ? 'subscription' : 'delete'
  }
  if (role !== 'owner' || (await countOtherOwners(tx, organizationId, userId)) > 0) return 'leave'
  // One that is to be deleted needs no other owner.
  return organization.deletionAskedAt === null ? 'last-owner' : 'delete'
}

function countOthers(tx: Transaction, { organizationId, userId }: Membership): Promise<number> {
  return tx.membership.count({ where: { organizationId, userId: { not: userId } } })
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

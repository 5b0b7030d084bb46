import { type Actor, DELETION_DAYS, type Organization as OrganizationView, Problem } from '@realtime/contracts'
import { personOf, roleIn } from './access.ts'
import { type Author, castOf, note } from './audit/notes.ts'
import { endSubscriptions, goesOn } from './billing/ending.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Organization } from './database/client.ts'
import { dismissAll } from './members.ts'
import { endOf, organizationView, targetOf } from './organizations.ts'
import { holdOrganization, inTransaction, type Transaction } from './transactions.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Asks for the deletion of an organization: from now on it is gone for all but its owners, who can take that back until
 * the time is over. Asked again it answers the same.
 * @throws Problem `not-found`, `forbidden`, `invalid-input` (another name), `conflict` (the own workspace, a subscription
 * that goes on)
 */
export async function requestDeletion(
  ctx: Context,
  actor: Actor,
  input: { id: string; name: string },
): Promise<OrganizationView> {
  const userId = personOf(actor)
  const { by } = await castOf(ctx, actor)
  return inTransaction(ctx, async (tx) => {
    const organization = await holdOrganization(tx, input.id)
    const own = await roleIn(tx, input.id, userId, 'organization.delete')
    if (organization.personalOwnerId !== null) {
      throw new Problem('conflict', 'An own workspace is deleted with the account.')
    }
    if (input.name.trim() !== organization.name) {
      const errors = [{ path: 'body.name', message: 'must be the name of the organization' }]
      throw new Problem('invalid-input', 'Repeat the name of the organization.', { errors })
    }
    if (organization.deletionAskedAt !== null) return organizationView(organization, { role: own })
    if (await goesOn(ctx, tx, input.id)) {
      throw new Problem('conflict', 'There is a subscription that goes on: cancel it first, under “Manage billing”.')
    }
    const asked = await beginDeletion(tx, organization, { by, userId })
    await recordChange(tx, { type: 'organization.changed', organizationId: input.id })
    return organizationView(asked, { role: own })
  })
}

/** Takes the deletion back; where none was asked for nothing changes. @throws Problem `not-found`, `forbidden`, `conflict` (too late) */
export async function cancelDeletion(ctx: Context, actor: Actor, input: { id: string }): Promise<OrganizationView> {
  const { by } = await castOf(ctx, actor)
  return inTransaction(ctx, async (tx) => {
    const organization = await holdOrganization(tx, input.id)
    const own = await roleIn(tx, input.id, personOf(actor), 'organization.delete')
    const end = endOf(organization)
    if (end === null) return organizationView(organization, { role: own })
    if (end <= new Date()) throw new Problem('conflict', 'It is too late: the organization is being deleted.')
    const kept = await tx.organization.update({
      where: { id: input.id },
      data: { deletionAskedAt: null, deletionAskedBy: null },
    })
    const target = targetOf(kept)
    await note(tx, { organizationId: input.id, by, type: 'organization.deletion-cancelled', target })
    await recordChange(tx, { type: 'organization.changed', organizationId: input.id })
    return organizationView(kept, { role: own })
  })
}

/** Marks an organization that the caller holds as to be deleted; the caller records the change. */
export async function beginDeletion(
  tx: Transaction,
  organization: Organization,
  { by, userId }: { by: Author; userId: string | null },
): Promise<Organization> {
  const asked = await tx.organization.update({
    where: { id: organization.id },
    data: { deletionAskedAt: new Date(), deletionAskedBy: userId },
  })
  await note(tx, {
    organizationId: organization.id,
    by,
    type: 'organization.deletion-requested',
    target: targetOf(organization),
    detail: { 'deleted at': endOf(asked)?.toISOString() ?? '' },
  })
  return asked
}

/** What was asked for before this is deleted now. */
export function dueSince(): Date {
  return new Date(Date.now() - DELETION_DAYS * DAY_MS)
}

/** Deletes for good what is due; what fails is tried again the next time. */
export async function deleteDue(ctx: Context): Promise<void> {
  const due = await ctx.db.organization.findMany({
    where: { deletionAskedAt: { lte: dueSince() } },
    select: { id: true },
    orderBy: { deletionAskedAt: 'asc' },
  })
  for (const { id } of due) {
    if (ctx.draining.signal.aborted) return
    await deleteForGood(ctx, id).catch((err: unknown) =>
      ctx.log.warn({ err, organizationId: id }, 'an organization was not deleted; tried again'),
    )
  }
}

async function deleteForGood(ctx: Context, id: string): Promise<void> {
  // First at Stripe, also for what was begun since: nobody pays for what is gone.
  await endSubscriptions(ctx, id)
  const passes = await inTransaction(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM organizations WHERE id = ${id} FOR UPDATE`
    const due = await tx.organization.findUnique({ where: { id, deletionAskedAt: { lte: dueSince() } } })
    if (!due) return null
    const open = await tx.invitation.findMany({
      where: { organizationId: id, revokedAt: null, expiresAt: { gt: new Date() } },
      select: { tokenHash: true },
    })
    await tx.organization.delete({ where: { id } })
    await recordChange(tx, { type: 'organization.deleted', organizationId: id })
    return open.map(({ tokenHash }) => tokenHash)
  })
  if (!passes) return
  ctx.log.info({ organizationId: id }, 'an organization was deleted for good')
  await dismissAll(ctx, passes)
}

import { type Actor, type Organization as OrganizationView, Problem } from '@realtime/contracts'
import { personOf, roleFor } from './access.ts'
import { castOf, note } from './audit/notes.ts'
import { checkRoom } from './billing/limits.ts'
import { membersChanged } from './billing/reconcile.ts'
import { recordChanges } from './changes.ts'
import type { Context } from './context.ts'
import { checkNotPersonal, meet } from './members.ts'
import { organizationView } from './organizations.ts'
import { inTransaction } from './transactions.ts'

/**
 * Hands an organization over: another member becomes owner, and who was it becomes admin.
 * @throws Problem `not-found`, `forbidden`, `conflict` (to oneself, the own workspace, to be deleted), `plan-limit` (a
 * guest who becomes owner takes a seat)
 */
export async function transferOwnership(
  ctx: Context,
  actor: Actor,
  input: { id: string; userId: string },
): Promise<OrganizationView> {
  const { id: organizationId, userId: heir } = input
  const userId = personOf(actor)
  const cast = await castOf(ctx, actor, heir)
  const exists = (await ctx.people.find([heir])).has(heir)
  const view = await inTransaction(ctx, async (tx) => {
    const { organization, standing, target } = await meet(tx, userId, input)
    roleFor(standing, 'organization.transfer')
    checkNotPersonal(organization, userId)
    if (heir === userId) throw new Problem('conflict', 'You are the owner already.')
    if (!exists) throw new Problem('not-found', 'This account is no more.')
    if (target.role === 'guest') await checkRoom(ctx, tx, organization)
    for (const [one, role] of [
      [heir, 'owner'],
      [userId, 'admin'],
    ] as const) {
      await tx.membership.update({
        where: { organizationId_userId: { organizationId, userId: one } },
        data: { role },
      })
    }
    await note(tx, {
      organizationId,
      by: cast.by,
      type: 'organization.ownership-transferred',
      target: cast.target(heir),
      detail: { 'role before': target.role },
    })
    await recordChanges(
      tx,
      [heir, userId].map((one) => ({ type: 'membership.changed', organizationId, userId: one })),
    )
    return organizationView(organization, { role: 'admin' })
  })
  membersChanged(ctx, organizationId)
  return view
}

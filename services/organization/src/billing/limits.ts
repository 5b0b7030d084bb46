import { Problem, plans } from '@realtime/contracts'
import type { Context } from '../context.ts'
import type { Organization } from '../database/client.ts'
import type { Transaction } from '../transactions.ts'
import { entitlementsOf } from './entitlements.ts'

/**
 * Lets an organization, which the caller holds, have one more member. Who is there already stays, also beyond the limit:
 * it only ends growing.
 * @throws Problem `plan-limit`
 */
export async function checkRoom(ctx: Context, tx: Transaction, organization: Organization): Promise<void> {
  const { plan, limits, usage } = await entitlementsOf(ctx, tx, organization.id)
  if (limits.members === null || usage.members < limits.members) return
  throw new Problem(
    'plan-limit',
    `${organization.name} has ${usage.members} of ${limits.members} members of the ${plans[plan].name} plan. ` +
      'An owner or admin can choose a larger plan under Settings → Billing.',
    { extra: { limit: 'members' } },
  )
}

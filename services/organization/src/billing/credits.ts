import { type Actor, Problem } from '@realtime/contracts'
import { personOf, roleIn } from '../access.ts'
import type { Context } from '../context.ts'
import { holdOrganization, inTransaction } from '../transactions.ts'
import { entitlementsOf, monthOf } from './entitlements.ts'

/**
 * Counts one generation of AI. A request that was counted before is not counted again, in whatever month it comes back;
 * generations at once take turns, so that none slips past the limit.
 * @throws Problem `not-found`, `forbidden` (guests), `plan-limit`
 */
export function spendCredit(
  ctx: Context,
  actor: Actor,
  input: { id: string; request: string },
): Promise<{ used: number; limit: number | null }> {
  const userId = personOf(actor)
  const key = { organizationId: input.id, request: input.request }
  return inTransaction(ctx, async (tx) => {
    await holdOrganization(tx, input.id)
    await roleIn(tx, input.id, userId, 'credits.spend')
    const { usage, limits } = await entitlementsOf(ctx, tx, input.id)
    const { aiCredits: limit } = limits
    const spent = await tx.creditSpend.findUnique({ where: { organizationId_request: key } })
    if (spent) return { used: usage.aiCredits, limit }
    if (limit !== null && usage.aiCredits >= limit) {
      const detail = `All ${limit} AI credits of this month are used. A larger plan has more; they start anew next month.`
      throw new Problem('plan-limit', detail, { extra: { limit: 'aiCredits' } })
    }
    await tx.creditSpend.create({ data: { ...key, userId, month: monthOf(new Date()) } })
    return { used: usage.aiCredits + 1, limit }
  })
}

import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import type { Transaction } from '../transactions.ts'
import { asking, isMissing } from './stripe.ts'
import { choose } from './subscriptions.ts'
import { fetchSubscriptions } from './sync.ts'
import { holdBilling } from './turns.ts'

/**
 * Whether an organization would go on to pay, as far as is known here. One whose subscription was cancelled has paid
 * until its end, and pays no more.
 */
export async function goesOn(ctx: Context, tx: Transaction, organizationId: string): Promise<boolean> {
  if (!ctx.stripe) return false
  const subscription = await tx.subscription.findUnique({ where: { organizationId } })
  return subscription !== null && subscription.endedAt === null && subscription.cancelAt === null
}

/**
 * Ends all that an organization has at Stripe, at once: subscriptions, and pages on which one could be begun.
 * @throws Problem when Stripe cannot be asked
 */
export async function endSubscriptions(ctx: Context, organizationId: string): Promise<void> {
  const { stripe } = ctx
  if (!stripe) return
  await ctx.turns.run(() =>
    holdBilling(ctx, organizationId, async (tx) => {
      const customer = await tx.customer.findUnique({ where: { organizationId } })
      if (!customer) return
      const { customerId } = customer
      const { live } = choose(await fetchSubscriptions(stripe, customerId))
      for (const { id } of live) {
        await asking(stripe.subscriptions.cancel(id))
        ctx.log.info({ organizationId, subscription: id }, 'a subscription ends with its organization')
      }
      for (const id of await openPages(stripe, customerId)) await asking(stripe.checkout.sessions.expire(id))
    }),
  )
}

async function openPages(stripe: Stripe, customer: string): Promise<string[]> {
  try {
    const { data } = await asking(stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 }))
    return data.map(({ id }) => id)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { seated } from './entitlements.ts'
import { followSeats } from './seats.ts'
import { asking, isMissing, stripeOf } from './stripe.ts'
import { choose, rowOf } from './subscriptions.ts'
import { holdBilling } from './turns.ts'

/**
 * Fetches the truth about a customer from Stripe and makes it ours: the one way by which subscriptions change here. It
 * may run at any time, any number of times and in any order, since it looks at nothing but Stripe's state of now; syncs
 * of one organization take turns. Seats that do not follow the members any more are set on the way.
 * @returns false for a customer that is not ours
 * @throws Problem when Stripe cannot be asked; then nothing has changed
 */
export async function syncCustomer(ctx: Context, customerId: string): Promise<boolean> {
  const customer = await ctx.db.customer.findUnique({ where: { customerId } })
  if (!customer) return false
  await syncOrganization(ctx, customer.organizationId)
  return true
}

/** Like `syncCustomer`, by organization; does nothing for one that has no customer. */
export async function syncOrganization(ctx: Context, organizationId: string): Promise<void> {
  const stripe = stripeOf(ctx)
  await ctx.turns.share(organizationId, (looks) =>
    holdBilling(ctx, organizationId, async (tx) => {
      const customer = await tx.customer.findUnique({ where: { organizationId } })
      looks()
      if (!customer) return
      const all = await fetchSubscriptions(stripe, customer.customerId)
      const members = await tx.membership.count({ where: { organizationId, ...seated } })
      const { chosen, live } = choose(all)
      if (live.length > 1) {
        const ids = live.map(({ id }) => id)
        ctx.log.error({ organizationId, subscriptions: ids }, 'more than one live subscription: cancel all but one')
      }
      const current = chosen && (await seatsFollowed(ctx, stripe, chosen, members))
      const row = current && rowOf(current, ctx.log)
      if (row) {
        await tx.subscription.upsert({
          where: { organizationId },
          create: { organizationId, ...row },
          update: row,
        })
      } else await tx.subscription.deleteMany({ where: { organizationId } })
      const trialBegan = all.map((one) => one.trial_start).filter((start) => start !== null)
      const trialUsedAt = trialBegan.length > 0 ? new Date(Math.min(...trialBegan) * 1000) : customer.trialUsedAt
      await tx.customer.update({ where: { organizationId }, data: { trialUsedAt, syncedAt: new Date() } })
    }),
  )
}

/** Every subscription of a customer, ended ones included; none for a customer that is gone. */
export async function fetchSubscriptions(stripe: Stripe, customer: string): Promise<Stripe.Subscription[]> {
  const list = async () => {
    const all: Stripe.Subscription[] = []
    for await (const one of stripe.subscriptions.list({ customer, status: 'all', limit: 100 })) all.push(one)
    return all
  }
  try {
    return await asking(list())
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** The subscription with its seats as they should be, or as it was where Stripe refuses: its truth is kept all the same. */
async function seatsFollowed(ctx: Context, stripe: Stripe, subscription: Stripe.Subscription, members: number) {
  try {
    return await followSeats(ctx, stripe, subscription, members)
  } catch (err) {
    ctx.log.warn({ err, subscription: subscription.id }, 'the seats were not changed; tried again later')
    return subscription
  }
}

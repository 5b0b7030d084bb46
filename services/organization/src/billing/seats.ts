import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { asking } from './stripe.ts'
import { itemOf } from './subscriptions.ts'

/**
 * Lets the seats of a subscription follow the members, and gives it as it is then. While a payment is due, or an earlier
 * change waits for its payment, nothing is changed: the next look tries again.
 * @throws Problem when Stripe refuses or cannot be reached
 */
export async function followSeats(
  ctx: Context,
  stripe: Stripe,
  subscription: Stripe.Subscription,
  members: number,
): Promise<Stripe.Subscription> {
  const item = itemOf(subscription)
  const seats = Math.max(1, members)
  const settled = ['active', 'trialing'].includes(subscription.status) && !subscription.pending_update
  if (!item || item.quantity === seats || !settled) return subscription
  const changed = await asking(
    stripe.subscriptions.update(subscription.id, {
      items: [{ id: item.id, quantity: seats }],
      ...prorations(item, seats),
    }),
  )
  ctx.log.info({ subscription: subscription.id, from: item.quantity, to: seats }, 'the seats follow the members')
  return changed
}

/**
 * Who pays by the year pays a further seat at once, for the rest of the year; if that fails the change waits, and the
 * plan goes on. By the month, and for seats that are given back, the next invoice settles it.
 */
function prorations(item: Stripe.SubscriptionItem, seats: number): Stripe.SubscriptionUpdateParams {
  const grows = seats > (item.quantity ?? 0)
  return item.price.recurring?.interval === 'year' && grows
    ? { proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete' }
    : { proration_behavior: 'create_prorations' }
}

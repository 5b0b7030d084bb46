import { billingInterval, lookupKey, type PlanKey, planKey, plans } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import type Stripe from 'stripe'
import { entitles } from './entitlements.ts'

/** What an ended subscription is called. */
const ended = ['canceled', 'incomplete_expired']

/** Plans that cost something, by the lookup keys of their prices. */
const planByKey = new Map<string, PlanKey>(
  planKey.options
    .filter((plan) => plan !== 'free')
    .flatMap((plan) => billingInterval.options.map((interval) => [lookupKey(plan, interval), plan] as const)),
)

/** The plan that a price stands for; null for a price that is none of ours. */
function planOfPrice(price: Stripe.Price): PlanKey | null {
  return planByKey.get(price.lookup_key ?? '') ?? null
}

/** The item whose price is a plan of ours, else the first. */
export function itemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem | undefined {
  const items = subscription.items.data
  return items.find((item) => planOfPrice(item.price)) ?? items[0]
}

/**
 * The subscription that counts, by Stripe's state alone, and those that are live: one that entitles before one that
 * does not, the larger plan before the smaller, the older before the newer; with none live, the one that ended last.
 */
export function choose(all: Stripe.Subscription[]): {
  chosen: Stripe.Subscription | undefined
  live: Stripe.Subscription[]
} {
  const order = Object.keys(plans)
  const rank = (one: Stripe.Subscription) => {
    const item = itemOf(one)
    return order.indexOf((item && planOfPrice(item.price)) ?? 'free')
  }
  const open = all.filter((one) => !ended.includes(one.status))
  open.sort(
    (left, right) =>
      Number(entitles(right)) - Number(entitles(left)) ||
      rank(right) - rank(left) ||
      left.created - right.created ||
      left.id.localeCompare(right.id),
  )
  const past = all.filter((one) => one.status === 'canceled')
  past.sort((left, right) => (right.ended_at ?? 0) - (left.ended_at ?? 0) || right.id.localeCompare(left.id))
  // A checkout that was never paid for is not live: it ends by itself.
  return { chosen: open[0] ?? past[0], live: open.filter((one) => one.status !== 'incomplete') }
}

/** A subscription as it is kept here; null for one without items. */
export function rowOf(subscription: Stripe.Subscription, log: Log) {
  const item = itemOf(subscription)
  if (!item) return null
  const { id, items } = subscription
  const plan = planOfPrice(item.price)
  if (items.data.length > 1) log.error({ subscription: id }, 'a subscription has more than one item: only one counts')
  if (!plan) log.error({ subscription: id, price: item.price.id }, 'a subscription has a price without our lookup key')
  const periodEnd = at(item.current_period_end)
  return {
    subscriptionId: id,
    itemId: item.id,
    status: subscription.status,
    plan,
    interval: billingInterval.catch('month').parse(item.price.recurring?.interval),
    seats: item.quantity ?? 1,
    periodEnd,
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    cancelAt: subscription.cancel_at
      ? at(subscription.cancel_at)
      : subscription.cancel_at_period_end
        ? periodEnd
        : null,
    endedAt: subscription.ended_at ? at(subscription.ended_at) : null,
    trialEnd: subscription.trial_end ? at(subscription.trial_end) : null,
    livemode: subscription.livemode,
    syncedAt: new Date(),
  }
}

function at(seconds: number): Date {
  return new Date(seconds * 1000)
}

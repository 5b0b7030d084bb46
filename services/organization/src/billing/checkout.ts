import { createHash } from 'node:crypto'
import {
  type Actor,
  type BillingInterval,
  lookupKey,
  type PlanKey,
  Problem,
  plans,
  TRIAL_DAYS,
} from '@realtime/contracts'
import type Stripe from 'stripe'
import { personOf, roleIn } from '../access.ts'
import { castOf, note } from '../audit/notes.ts'
import type { Context } from '../context.ts'
import type { Customer } from '../database/client.ts'
import { seated } from './entitlements.ts'
import { asking, isMissing, stripeOf } from './stripe.ts'
import { choose } from './subscriptions.ts'
import { fetchSubscriptions, syncOrganization } from './sync.ts'
import { holdBilling } from './turns.ts'

/**
 * Begins to subscribe: a page of Stripe to pay on. An earlier page that is still open is closed first, so that nobody
 * pays twice. The first subscription begins with a trial, without a card.
 * @throws Problem `not-found`, `forbidden`, `conflict` (subscribed already), `billing-unavailable`, `unavailable`
 */
export async function beginCheckout(
  ctx: Context,
  actor: Actor,
  input: { id: string; plan: Exclude<PlanKey, 'free'>; interval: BillingInterval },
): Promise<{ url: string }> {
  const userId = personOf(actor)
  const organizationId = input.id
  await roleIn(ctx.db, organizationId, userId, 'billing.subscribe')
  const stripe = stripeOf(ctx)
  const email = (await ctx.people.find([userId])).get(userId)?.email
  const { by } = await castOf(ctx, actor)
  const made = await ctx.turns.run(() =>
    holdBilling(ctx, organizationId, async (tx) => {
      const customer = await ensureCustomer(ctx, stripe, organizationId, email)
      const all = await fetchSubscriptions(stripe, customer.customerId)
      if (choose(all).live.length > 0) return null
      const price = await findPrice(stripe, input)
      const open = await asking(stripe.checkout.sessions.list({ customer: customer.customerId, status: 'open' }))
      for (const { id } of open.data) await asking(stripe.checkout.sessions.expire(id))
      const quantity = Math.max(1, await tx.membership.count({ where: { organizationId, ...seated } }))
      const trial = customer.trialUsedAt === null && all.every((one) => one.trial_start === null)
      const detail = { plan: input.plan, interval: input.interval }
      await note(tx, { organizationId, by, type: 'billing.checkout-begun', detail })
      return asking(
        stripe.checkout.sessions.create(
          sessionOf(ctx, { organizationId, customer: customer.customerId, price, quantity, trial }),
        ),
      )
    }),
  )
  if (!made) {
    // The page did not know: now it will.
    await syncOrganization(ctx, organizationId)
    throw new Problem('conflict', 'There is a subscription already: change or cancel it under “Manage billing”.')
  }
  if (!made.url) throw new Problem('upstream-failed')
  return { url: made.url }
}

/**
 * A page of Stripe where card and plan are changed, invoices seen, and the subscription cancelled.
 * @throws Problem `not-found`, `forbidden`, `conflict` (nothing to manage), `billing-unavailable`, `unavailable`
 */
export async function openPortal(ctx: Context, actor: Actor, input: { id: string }): Promise<{ url: string }> {
  await roleIn(ctx.db, input.id, personOf(actor), 'billing.manage')
  const stripe = stripeOf(ctx)
  const customer = await ctx.db.customer.findUnique({ where: { organizationId: input.id } })
  const none = () => new Problem('conflict', 'There is no subscription to manage yet.')
  if (!customer) throw none()
  const made = stripe.billingPortal.sessions.create({
    customer: customer.customerId,
    return_url: pageOf(ctx, input.id, { portal: 'done' }),
  })
  const { url } = await asking(made).catch((error: unknown) => {
    throw isMissing(error) ? none() : error
  })
  return { url }
}

/**
 * Who the organization is at Stripe, made where that is missing or was deleted there. It is kept outside of the
 * transaction, whatever becomes of the checkout: no second customer is made for an organization.
 */
async function ensureCustomer(
  ctx: Context,
  stripe: Stripe,
  organizationId: string,
  email: string | undefined,
): Promise<Customer> {
  const kept = await ctx.db.customer.findUnique({ where: { organizationId } })
  const checkoutAt = new Date()
  if (kept && (await exists(stripe, kept.customerId))) {
    return ctx.db.customer.update({ where: { organizationId }, data: { checkoutAt } })
  }
  const { name } = await ctx.db.organization.findUniqueOrThrow({ where: { id: organizationId } })
  const wanted = { name, ...(email ? { email } : {}), metadata: { organization_id: organizationId } }
  // The same again gives the same customer, also when this process ends before it is written down. Another name or
  // address is another request: Stripe refuses them under one key.
  const asked = createHash('sha256').update(JSON.stringify(wanted)).digest('base64url')
  const idempotencyKey = `customer-${organizationId}-${kept?.customerId ?? 'first'}-${asked}`
  const { id: customerId } = await asking(stripe.customers.create(wanted, { idempotencyKey }))
  const data = { customerId, checkoutAt }
  return ctx.db.customer.upsert({ where: { organizationId }, create: { organizationId, ...data }, update: data })
}

async function exists(stripe: Stripe, customerId: string): Promise<boolean> {
  try {
    return !(await asking(stripe.customers.retrieve(customerId))).deleted
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function findPrice(
  stripe: Stripe,
  { plan, interval }: { plan: Exclude<PlanKey, 'free'>; interval: BillingInterval },
): Promise<string> {
  const key = lookupKey(plan, interval)
  const { data } = await asking(stripe.prices.list({ lookup_keys: [key], active: true, limit: 1 }))
  if (data[0]) return data[0].id
  const paid = interval === 'year' ? 'yearly' : 'monthly'
  throw new Problem(
    'billing-unavailable',
    `The ${plans[plan].name} plan has no ${paid} price at Stripe yet: create one with the lookup key ${key}.`,
  )
}

function sessionOf(
  ctx: Context,
  wanted: { organizationId: string; customer: string; price: string; quantity: number; trial: boolean },
): Stripe.Checkout.SessionCreateParams {
  const { organizationId, customer, price, quantity, trial } = wanted
  const metadata = { organization_id: organizationId }
  return {
    mode: 'subscription',
    customer,
    client_reference_id: organizationId,
    metadata,
    line_items: [{ price, quantity }],
    allow_promotion_codes: true,
    subscription_data: {
      metadata,
      ...(trial
        ? {
            trial_period_days: TRIAL_DAYS,
            trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
          }
        : {}),
    },
    ...(trial ? { payment_method_collection: 'if_required' } : {}),
    success_url: pageOf(ctx, organizationId, { checkout: 'done' }),
    cancel_url: pageOf(ctx, organizationId, {}),
  }
}

/** The plan page of an organization, to which people come back from Stripe. */
function pageOf(ctx: Context, organization: string, back: Record<string, string>): string {
  return `${ctx.config.PUBLIC_URL}/settings?${new URLSearchParams({ tab: 'billing', organization, ...back })}`
}

import { type Actor, type BillingOverview, billingInterval } from '@realtime/contracts'
import { personOf, roleIn } from '../access.ts'
import type { Context } from '../context.ts'
import type { Subscription } from '../database/client.ts'
import { entitlementsOf } from './entitlements.ts'
import { syncOrganization } from './sync.ts'

const measured = ['members', 'storageBytes', 'aiCredits'] as const

/** Plan, subscription, limits and usage of an organization. @throws Problem `not-found` */
export async function readOverview(ctx: Context, actor: Actor, input: { id: string }): Promise<BillingOverview> {
  const organizationId = input.id
  const role = await roleIn(ctx.db, organizationId, personOf(actor), 'billing.read')
  const entitlements = await entitlementsOf(ctx, ctx.db, organizationId)
  const { mode, limits, usage } = entitlements
  const customer = await ctx.db.customer.findUnique({ where: { organizationId } })
  const subscription = mode === 'stripe' ? await ctx.db.subscription.findUnique({ where: { organizationId } }) : null
  return {
    ...entitlements,
    organizationId,
    subscription: subscription && subscriptionView(subscription),
    exceeded: measured.filter((key) => usage[key] > (limits[key] ?? Number.POSITIVE_INFINITY)),
    trialAvailable: mode === 'stripe' && !customer?.trialUsedAt,
    role,
  }
}

/** Fetches the truth from Stripe first. @throws Problem `not-found`, `unavailable`, `upstream-failed` */
export async function syncedOverview(ctx: Context, actor: Actor, input: { id: string }): Promise<BillingOverview> {
  await roleIn(ctx.db, input.id, personOf(actor), 'billing.read')
  if (ctx.stripe) await syncOrganization(ctx, input.id)
  return readOverview(ctx, actor, input)
}

function subscriptionView(row: Subscription): NonNullable<BillingOverview['subscription']> {
  return {
    status: row.status,
    interval: billingInterval.parse(row.interval),
    seats: row.seats,
    periodEnd: row.periodEnd.toISOString(),
    cancelAt: (row.endedAt ?? row.cancelAt)?.toISOString() ?? null,
    trialEnd: row.trialEnd?.toISOString() ?? null,
  }
}

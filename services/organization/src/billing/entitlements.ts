import { type Actor, type Entitlements, type Limits, type PlanKey, Problem, planKey, plans } from '@realtime/contracts'
import { personOf, roleIn } from '../access.ts'
import type { Context } from '../context.ts'
import type { Subscription } from '../database/client.ts'
import type { Transaction } from '../transactions.ts'

const unlimited: Limits = { members: null, storageBytes: null, historyDays: null, aiCredits: null }

/** The states of a subscription in which its plan holds; Stripe may name others one day, and none of those does. */
const entitling = ['active', 'trialing', 'past_due']

/** Whether a subscription entitles to its plan. A failed payment changes nothing while Stripe tries again. */
export function entitles(subscription: Pick<Subscription, 'status'>): boolean {
  return entitling.includes(subscription.status)
}

/** The plan of an organization: that of its subscription while it entitles, else the free one. */
export function planOf(subscription: Pick<Subscription, 'status' | 'plan'> | null): PlanKey {
  const plan = planKey.safeParse(subscription?.plan)
  return subscription && entitles(subscription) && plan.success ? plan.data : 'free'
}

/** The calendar month of a time, in UTC: `2026-01`. */
export function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7)
}

/** Who takes a seat and counts against a limit: accepted members; guests are free. */
export const seated = { role: { not: 'guest' } } as const

/** What an organization may use, and uses. @throws Problem `not-found` */
export async function entitlementsOf(ctx: Context, db: Transaction, organizationId: string): Promise<Entitlements> {
  const organization = await db.organization.findUnique({
    where: { id: organizationId },
    select: {
      subscription: { select: { status: true, plan: true } },
      usage: { select: { storageBytes: true } },
      _count: { select: { memberships: { where: seated }, creditSpends: { where: { month: monthOf(new Date()) } } } },
    },
  })
  if (!organization) throw new Problem('not-found')
  const usage = {
    members: organization._count.memberships,
    storageBytes: Number(organization.usage?.storageBytes ?? 0),
    aiCredits: organization._count.creditSpends,
  }
  if (!ctx.config.STRIPE_SECRET_KEY) return { mode: 'self-hosted', plan: 'business', limits: unlimited, usage }
  const plan = planOf(organization.subscription)
  return { mode: 'stripe', plan, limits: plans[plan].limits, usage }
}

/** What an organization may use, for its members. @throws Problem `not-found` */
export async function readEntitlements(ctx: Context, actor: Actor, input: { id: string }): Promise<Entitlements> {
  await roleIn(ctx.db, input.id, personOf(actor), 'billing.read')
  return entitlementsOf(ctx, ctx.db, input.id)
}

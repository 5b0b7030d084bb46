import { Problem } from '@realtime/contracts'
import Stripe from 'stripe'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { stripeOf } from './stripe.ts'
import { syncCustomer } from './sync.ts'

/** Seconds that a signature holds, as Stripe recommends. */
const TOLERANCE = 300

/** Minutes after which an event that was taken and not finished is taken again: its process is gone. */
const STUCK_MINUTES = 5

/** Days that finished events are kept: Stripe sends an event for three days at most. */
const KEPT_DAYS = 30

/** The events after which a subscription may be another. Others are welcome and change nothing. */
const types = new Set([
  'checkout.session.completed',
  'customer.deleted',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.trial_will_end',
  'customer.subscription.pending_update_applied',
  'customer.subscription.pending_update_expired',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.upcoming',
  'invoice.marked_uncollectible',
  'charge.refunded',
])

const reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
const subject = z.object({ object: z.string(), id: z.string().optional(), customer: reference.nullish() })

/** The id of the customer whom an event is about; all else in it may be old by now, and is asked anew. */
function customerOf(event: Stripe.Event): string | null {
  const parsed = subject.safeParse(event.data.object)
  if (!parsed.success) return null
  const { object, id, customer } = parsed.data
  return (object === 'customer' ? id : customer) ?? null
}

/**
 * Takes an event of Stripe. It is written down once, then the customer is synced; the answer comes when that is done,
 * so that Stripe sends again what failed. One that was done before is received again without work.
 * @throws Problem `invalid-signature` for what Stripe did not just send, `billing-unavailable`, `internal`
 */
export async function receiveEvent(
  ctx: Context,
  input: { body: unknown; signature: string | undefined },
): Promise<{ received: true }> {
  const event = verified(ctx, input)
  const customerId = customerOf(event)
  if (!types.has(event.type) || customerId === null) return { received: true }
  const known = await ctx.db.customer.findUnique({ where: { customerId } })
  if (!known) return { received: true }
  const { id, type } = event
  await ctx.db.billingEvent.createMany({ data: { id, type, customerId }, skipDuplicates: true })
  await workOn(ctx, id)
  return { received: true }
}

/** Takes up again what was left over: never begun, failed, or begun by a process that is gone. */
export async function retakeEvents(ctx: Context): Promise<void> {
  const before = new Date(Date.now() - STUCK_MINUTES * 60_000)
  const left = await ctx.db.billingEvent.findMany({
    where: {
      state: { not: 'done' },
      OR: [{ takenAt: { lt: before } }, { takenAt: null, receivedAt: { lt: before } }],
    },
    orderBy: { receivedAt: 'asc' },
    take: 100,
  })
  for (const { id } of left) {
    if (ctx.draining.signal.aborted) return
    await workOn(ctx, id).catch((err: unknown) => ctx.log.warn({ err, event: id }, 'an event of Stripe failed again'))
  }
  const old = new Date(Date.now() - KEPT_DAYS * 24 * 60 * 60_000)
  await ctx.db.billingEvent.deleteMany({ where: { state: 'done', receivedAt: { lt: old } } })
}

function verified(ctx: Context, { body, signature }: { body: unknown; signature: string | undefined }): Stripe.Event {
  const stripe = stripeOf(ctx)
  const secret = ctx.config.STRIPE_WEBHOOK_SECRET
  if (!secret || !signature || !(body instanceof Uint8Array)) throw new Problem('invalid-signature')
  try {
    return stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE)
  } catch (cause) {
    if (cause instanceof Stripe.errors.StripeSignatureVerificationError) {
      throw new Problem('invalid-signature', undefined, { cause })
    }
    throw new Problem('malformed-json', undefined, { cause })
  }
}

/**
 * Works on an event unless it is done. Where two are at it at once both sync, which harms nothing; neither may tell
 * Stripe that it is done before it is.
 * @throws Problem when the sync failed
 */
async function workOn(ctx: Context, id: string): Promise<void> {
  const open = { id, state: { not: 'done' } }
  const { count } = await ctx.db.billingEvent.updateMany({
    where: open,
    data: { state: 'processing', attempts: { increment: 1 }, takenAt: new Date() },
  })
  if (count === 0) return
  const { customerId } = await ctx.db.billingEvent.findUniqueOrThrow({ where: { id } })
  try {
    await syncCustomer(ctx, customerId)
  } catch (cause) {
    const lastError = cause instanceof Error ? cause.message : String(cause)
    await ctx.db.billingEvent.updateMany({ where: open, data: { state: 'failed', lastError } })
    throw new Problem('internal', undefined, { cause })
  }
  await ctx.db.billingEvent.updateMany({ where: { id }, data: { state: 'done', lastError: null } })
}

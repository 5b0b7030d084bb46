import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'
import { role } from './organization.ts'
import { limits, planKey } from './plans.ts'

/** What an organization is entitled to, and how much of it is used. */
export const entitlements = z.object({
  /** `self-hosted`: no billing on this server, everything allowed. */
  mode: z.enum(['self-hosted', 'stripe']),
  plan: planKey,
  limits,
  usage: z.object({
    members: z.number().int(),
    storageBytes: z.number().int(),
    aiCredits: z.number().int(),
  }),
})
export type Entitlements = z.infer<typeof entitlements>

export const billingInterval = z.enum(['month', 'year'])
export type BillingInterval = z.infer<typeof billingInterval>

/** A subscription as Stripe last told it. `status` is an open list: treat an unknown word as not active. */
export const subscription = z.object({
  status: z.string(),
  interval: billingInterval,
  seats: z.number().int(),
  periodEnd: z.string(),
  /** When it ends, once cancelled. */
  cancelAt: z.string().nullable(),
  trialEnd: z.string().nullable(),
})

export const billingOverview = entitlements.extend({
  organizationId: id,
  subscription: subscription.nullable(),
  /** Which limits are exceeded: nothing is lost or locked, only growing waits. */
  exceeded: z.array(z.enum(['members', 'storageBytes', 'aiCredits'])),
  /** Whether a trial can still be had. */
  trialAvailable: z.boolean(),
  role,
})
export type BillingOverview = z.infer<typeof billingOverview>

const byId = z.object({ id })

export const billingApi = {
  overview: endpoint({
    method: 'GET',
    path: '/billing/:id',
    summary: 'Plan, subscription, limits and usage of an organization (members)',
    access: 'user',
    params: byId,
    response: billingOverview,
  }),
  checkout: endpoint({
    method: 'POST',
    path: '/billing/:id/checkout',
    summary: 'Begin to subscribe: where to go to pay (owner, admin)',
    access: 'user',
    params: byId,
    body: z.strictObject({ plan: planKey.exclude(['free']), interval: billingInterval }),
    response: z.object({ url: z.string() }),
  }),
  portal: endpoint({
    method: 'POST',
    path: '/billing/:id/portal',
    summary: 'Where to change card and plan, see invoices, or cancel (owner, admin)',
    access: 'user',
    params: byId,
    response: z.object({ url: z.string() }),
  }),
  sync: endpoint({
    method: 'POST',
    path: '/billing/:id/sync',
    summary: 'Fetch the truth from Stripe now, on the way back from paying (members)',
    access: 'user',
    params: byId,
    response: billingOverview,
  }),
  webhook: endpoint({
    method: 'POST',
    path: '/billing/webhook',
    summary: 'Events of Stripe, by signature of the raw body; any failure is a 500, so that Stripe sends it again',
    access: 'public',
    body: 'binary',
    bodyType: 'application/json',
    maxBody: 1024 * 1024,
    response: z.object({ received: z.literal(true) }),
  }),
  entitlements: endpoint({
    method: 'GET',
    path: '/orgs/:id/entitlements',
    summary: 'What an organization may use, for its members and for services that act with their token',
    access: 'user',
    params: byId,
    response: entitlements,
  }),
  spendCredit: endpoint({
    method: 'POST',
    path: '/orgs/:id/ai-credits',
    summary:
      'Count one generation (idempotent by `request`); called by the AI service with the asking member’s own token. Without billing it only counts',
    access: 'user',
    params: byId,
    body: z.strictObject({ request: id }),
    response: z.object({ used: z.number().int(), limit: z.number().int().nullable() }),
  }),
}

/** Internal operations of billing, on organization's second port. */
export const billingInternal = {
  entitlements: endpoint({
    method: 'GET',
    path: '/internal/entitlements/:organizationId',
    summary: 'What an organization may use',
    access: 'service',
    params: z.object({ organizationId: id }),
    response: entitlements,
  }),
  reportUsage: endpoint({
    method: 'PUT',
    path: '/internal/usage/:organizationId',
    summary: 'How much an organization uses of what another service keeps (latest wins, idempotent)',
    access: 'service',
    params: z.object({ organizationId: id }),
    body: z.strictObject({ storageBytes: z.number().int().min(0), measuredAt: z.string().datetime() }),
    response: 'empty',
  }),
}

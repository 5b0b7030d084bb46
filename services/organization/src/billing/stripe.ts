import { Problem } from '@realtime/contracts'
import Stripe from 'stripe'
import type { OrganizationConfig } from '../config.ts'
import type { Context } from '../context.ts'

/** The version of Stripe's API that this code was written for; the account's own setting does not matter. */
const API_VERSION = '2026-10-28.endive'

/** The client of Stripe's API; null on a server without billing. */
export function openStripe(config: OrganizationConfig): Stripe | null {
  if (!config.STRIPE_SECRET_KEY) return null
  const url = new URL(config.STRIPE_API_URL)
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  return new Stripe(config.STRIPE_SECRET_KEY, {
    apiVersion: API_VERSION,
    host: url.hostname,
    port: url.port || (protocol === 'http' ? 80 : 443),
    protocol,
    // With retries a call may take half a minute: less than a held transaction may last.
    maxNetworkRetries: 2,
    timeout: 8_000,
    telemetry: false,
  })
}

/** The client of Stripe. @throws Problem `billing-unavailable` on a server without billing */
export function stripeOf(ctx: Context): Stripe {
  if (ctx.stripe) return ctx.stripe
  throw new Problem(
    'billing-unavailable',
    'This server is self-hosted: everything is included, there is nothing to pay.',
  )
}

/**
 * Asks Stripe; its failures become problems that tell a person no more than they need.
 * @throws Problem `billing-unavailable` (the key is refused), `unavailable` (not reached, too busy), `upstream-failed`
 */
export async function asking<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    const extra = { upstream: 'stripe' }
    if (
      cause instanceof Stripe.errors.StripeAuthenticationError ||
      cause instanceof Stripe.errors.StripePermissionError
    ) {
      throw new Problem('billing-unavailable', 'Stripe refuses the key of this server.', { cause, extra })
    }
    if (cause instanceof Stripe.errors.StripeConnectionError || cause instanceof Stripe.errors.StripeRateLimitError) {
      throw new Problem('unavailable', 'Stripe cannot be reached. Try again in a moment.', { cause, extra })
    }
    if (cause instanceof Stripe.errors.StripeError) throw new Problem('upstream-failed', undefined, { cause, extra })
    throw cause
  }
}

/** Whether Stripe says that what was asked for is not there. */
export function isMissing(error: unknown): boolean {
  const cause = error instanceof Problem ? error.cause : error
  return cause instanceof Stripe.errors.StripeInvalidRequestError && cause.code === 'resource_missing'
}

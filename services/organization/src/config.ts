import { databaseFields, field } from '@realtime/kit'
import { z } from 'zod'

/** The variables of the organization service. */
export const organizationConfig = z
  .object({
    ORGANIZATION_LISTEN: field.listen('organization'),
    ORGANIZATION_INTERNAL_LISTEN: field.internalListen('organization'),
    PUBLIC_URL: field.publicUrl(),
    LOG_LEVEL: field.logLevel(),
    ORGANIZATION_SERVICE_SECRET: field.serviceSecret('organization'),
    AUTH_URL: field.url('auth'),
    AUTH_INTERNAL_URL: field.internalUrl('auth'),
    AUTH_SERVICE_SECRET: field.serviceSecret('auth'),
    STRIPE_SECRET_KEY: z
      .string()
      .regex(/^[sr]k_/, 'must be a secret or restricted key of Stripe (sk_… or rk_…)')
      .optional()
      .describe('Key of Stripe; switches billing on. Without it everything is included'),
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_/, 'must be the signing secret of a webhook endpoint at Stripe (whsec_…)')
      .optional()
      .describe('Signing secret of the webhook endpoint at Stripe; required with STRIPE_SECRET_KEY'),
    STRIPE_API_URL: field
      .baseUrl('The API of Stripe')
      .default('https://api.stripe.com')
      .describe('Where the API of Stripe answers; another address is for tests and proxies'),
    BILLING_RECONCILE_SECONDS: z.coerce
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(900)
      .describe('Seconds between two looks at every live subscription at Stripe, for events that got lost'),
    ORGANIZATION_UPKEEP_SECONDS: z.coerce
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(60)
      .describe('Seconds between two looks for organizations whose time is over and acts that are no longer kept'),
    ...databaseFields,
  })
  .refine((config) => !config.STRIPE_SECRET_KEY || config.STRIPE_WEBHOOK_SECRET, {
    path: ['STRIPE_WEBHOOK_SECRET'],
    error: 'is not set',
  })
  // Two may be held while Stripe is asked, and who holds one needs another.
  .refine((config) => !config.STRIPE_SECRET_KEY || config.DATABASE_POOL >= 3, {
    path: ['DATABASE_POOL'],
    error: 'must be at least 3 with STRIPE_SECRET_KEY',
  })

/** DATABASE_SCHEMA is for tests, which give each service a schema of its own; the environment cannot set it. */
export type OrganizationConfig = z.output<typeof organizationConfig> & { DATABASE_SCHEMA?: string }

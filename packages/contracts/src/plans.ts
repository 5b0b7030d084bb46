import { z } from 'zod'

export const planKey = z.enum(['free', 'team', 'business'])
export type PlanKey = z.infer<typeof planKey>

/** What an organization may grow to; null is without limit. */
export const limits = z.object({
  members: z.number().int().nullable(),
  /** Of uploaded files, in bytes. */
  storageBytes: z.number().int().nullable(),
  /** How long automatic versions are kept; named ones stay for good. */
  historyDays: z.number().int().nullable(),
  /** Generations in a calendar month (UTC). */
  aiCredits: z.number().int().nullable(),
})
export type Limits = z.infer<typeof limits>
export type LimitKey = keyof Limits

/** A plan as the plan page shows it and as entitlements follow from it. */
export interface Plan {
  name: string
  summary: string
  /** US cents for a seat: a month when paid monthly, and a month when paid yearly; null costs nothing. */
  price: { month: number; year: number } | null
  limits: Limits
}

const GB = 1024 ** 3

/** All plans. Prices at Stripe are found by lookup key, see `lookupKey`. */
export const plans: Record<PlanKey, Plan> = {
  free: {
    name: 'Free',
    summary: 'For yourself and a small team to begin with.',
    price: null,
    limits: { members: 5, storageBytes: 1 * GB, historyDays: 30, aiCredits: 50 },
  },
  team: {
    name: 'Team',
    summary: 'For teams that work here every day.',
    price: { month: 900, year: 750 },
    limits: { members: null, storageBytes: 100 * GB, historyDays: 180, aiCredits: 2_000 },
  },
  business: {
    name: 'Business',
    summary: 'For companies: everything, with room to grow.',
    price: { month: 1_600, year: 1_350 },
    limits: { members: null, storageBytes: 1_000 * GB, historyDays: null, aiCredits: 20_000 },
  },
}

/** Days of trial of a first subscription. */
export const TRIAL_DAYS = 14

/** The lookup key of a plan's price at Stripe. */
export function lookupKey(plan: Exclude<PlanKey, 'free'>, interval: 'month' | 'year'): string {
  return `realtime_${plan}_${interval}`
}

import type { BillingInterval, BillingOverview, Limits, Plan } from '@realtime/contracts'

const GB = 1024 ** 3

/** An amount of US cents: "$9", "$7.50". */
export function money(cents: number): string {
  const digits = cents % 100 === 0 ? 0 : 2
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(cents / 100)
}

/** A number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** Bytes in the unit that suits them: "840 MB", "1.2 GB". */
export function bytes(value: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  const at = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(1024)))
  const scaled = value / 1024 ** at
  return `${scaled.toLocaleString('en-US', { maximumFractionDigits: scaled < 10 && at > 0 ? 1 : 0 })} ${units[at]}`
}

/** A day of an ISO time, as people write it where they are. */
export function day(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' })
}

/** Whole days until an ISO time, begun ones counted. */
export function daysUntil(time: string, now = Date.now()): number {
  return Math.max(0, Math.ceil((Date.parse(time) - now) / 86_400_000))
}

/** "1 day", "13 days". */
export function several(amount: number, what: string): string {
  return `${count(amount)} ${what}${amount === 1 ? '' : 's'}`
}

/** What a plan includes, a line each. */
export function includes({ members, storageBytes, historyDays, aiCredits }: Limits): string[] {
  return [
    members === null ? 'Unlimited members' : `Up to ${several(members, 'member')}`,
    storageBytes === null ? 'Unlimited files' : `${count(storageBytes / GB)} GB of files`,
    historyDays === null ? 'Unlimited history' : `${several(historyDays, 'day')} of history`,
    aiCredits === null ? 'Unlimited AI' : `${several(aiCredits, 'AI credit')} a month`,
  ]
}

/** What a month, or a year paid at once, costs for that many seats, in US cents. */
export function costOf(plan: Plan, interval: BillingInterval, seats: number): number {
  const seat = plan.price?.[interval] ?? 0
  return seat * seats * (interval === 'year' ? 12 : 1)
}

/** How much less a seat costs by the year, in whole percent. */
export function savingOf(plan: Plan): number {
  return plan.price ? Math.round((1 - plan.price.year / plan.price.month) * 100) : 0
}

/** Whether a subscription still runs at Stripe, in whatever state. */
export function runs(subscription: BillingOverview['subscription']): boolean {
  return subscription !== null && !['canceled', 'incomplete_expired'].includes(subscription.status)
}

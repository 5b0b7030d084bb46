import { randomBytes } from 'node:crypto'
import { lookupKey, plans } from '@realtime/contracts'
import type { Customer, Event, Invoice, Price, Session, Subscription } from './objects.ts'

/** What a session was asked for, kept for the moment it is paid. */
export interface Wanted {
  price: string
  quantity: number
  trialDays: number
  metadata: Record<string, string>
  cancelWithoutCard: boolean
}

/** Everything the fake knows. */
export class State {
  readonly customers = new Map<string, Customer>()
  readonly prices = new Map<string, Price>()
  readonly sessions = new Map<string, Session & { wanted: Wanted }>()
  readonly portals = new Map<string, { customer: string; returnUrl: string }>()
  readonly subscriptions = new Map<string, Subscription>()
  readonly invoices = new Map<string, Invoice>()
  readonly events: Event[] = []
  /** The card of a customer: none, a good one, or one that declines. */
  readonly cards = new Map<string, 'good' | 'declined'>()
  /** Told of each event. */
  onEvent: (event: Event) => void = () => undefined
  #offset = 0

  constructor() {
    for (const plan of ['team', 'business'] as const)
      for (const interval of ['month', 'year'] as const) {
        const cents = plans[plan].price?.[interval] ?? 0
        const id = `price_${plan}_${interval}`
        this.prices.set(id, {
          id,
          object: 'price',
          active: true,
          lookup_key: lookupKey(plan, interval),
          product: `prod_${plan}`,
          currency: 'usd',
          unit_amount: interval === 'year' ? cents * 12 : cents,
          type: 'recurring',
          recurring: { interval, interval_count: 1, usage_type: 'licensed' },
          livemode: false,
        })
      }
  }

  /** Seconds since 1970, by the fake's own clock. */
  now(): number {
    return Math.floor(Date.now() / 1000) + this.#offset
  }

  /** Sets the clock to a time of the future. */
  setNow(seconds: number): void {
    this.#offset += Math.max(0, seconds - this.now())
  }

  /** Writes down that something happened, with a copy of the object as it is. */
  emit(type: string, object: unknown): void {
    const event: Event = {
      id: newId('evt'),
      object: 'event',
      api_version: '2026-10-28.endive',
      created: this.now(),
      type,
      livemode: false,
      pending_webhooks: 1,
      request: null,
      data: { object: structuredClone(object) },
    }
    this.events.push(event)
    this.onEvent(event)
  }
}

/** A new id as Stripe's are: `cus_…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('hex')}`
}

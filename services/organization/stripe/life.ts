import type { Invoice, Price, Subscription } from './objects.ts'
import { newId, type State, type Wanted } from './state.ts'

const DAY = 24 * 60 * 60

/** Begins a subscription, in trial or paid with the customer's card. */
export function subscribe(state: State, customer: string, wanted: Omit<Wanted, 'cancelWithoutCard'>): Subscription {
  const now = state.now()
  const price = priceOf(state, wanted.price)
  const id = newId('sub')
  const trialEnd = wanted.trialDays > 0 ? now + wanted.trialDays * DAY : null
  const subscription: Subscription = {
    id,
    object: 'subscription',
    created: now,
    customer,
    status: trialEnd ? 'trialing' : 'active',
    items: {
      object: 'list',
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
      data: [
        {
          id: newId('si'),
          object: 'subscription_item',
          created: now,
          current_period_start: now,
          current_period_end: trialEnd ?? after(now, price),
          price,
          quantity: wanted.quantity,
          subscription: id,
        },
      ],
    },
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    ended_at: null,
    trial_start: trialEnd ? now : null,
    trial_end: trialEnd,
    latest_invoice: null,
    metadata: wanted.metadata,
    pending_update: null,
    currency: 'usd',
    collection_method: 'charge_automatically',
    livemode: false,
  }
  state.subscriptions.set(id, subscription)
  state.emit('customer.subscription.created', subscription)
  invoice(state, subscription, 'subscription_create', trialEnd ? 0 : amountOf(subscription))
  return subscription
}

/** Bills a subscription; false when the card declines. */
export function invoice(state: State, subscription: Subscription, reason: string, amount: number): boolean {
  const paid = amount <= 0 || state.cards.get(subscription.customer) === 'good'
  const made: Invoice = {
    id: newId('in'),
    object: 'invoice',
    created: state.now(),
    customer: subscription.customer,
    status: paid ? 'paid' : 'open',
    billing_reason: reason,
    amount_due: amount,
    amount_paid: paid ? amount : 0,
    currency: 'usd',
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: subscription.id },
      quote_details: null,
    },
    livemode: false,
  }
  state.invoices.set(made.id, made)
  subscription.latest_invoice = made.id
  state.emit(paid ? 'invoice.paid' : 'invoice.payment_failed', made)
  return paid
}

/** Changes a subscription and says so. */
export function update(state: State, subscription: Subscription, change: (one: Subscription) => void): void {
  change(subscription)
  state.emit('customer.subscription.updated', subscription)
}

/** Ends a subscription now. */
export function end(state: State, subscription: Subscription): void {
  subscription.status = 'canceled'
  subscription.ended_at = state.now()
  subscription.canceled_at ??= state.now()
  state.emit('customer.subscription.deleted', subscription)
}

/** Lets time go by: trials and periods end in their order, bills are paid or not. */
export function advance(state: State, seconds: number): void {
  const until = state.now() + seconds
  for (;;) {
    const due = [...state.subscriptions.values()]
      .filter((one) => ['active', 'trialing', 'past_due'].includes(one.status))
      .map((one) => ({ one, at: nextOf(one) }))
      .filter(({ at }) => at <= until)
      .sort((left, right) => left.at - right.at)[0]
    if (!due) break
    state.setNow(due.at)
    turn(state, due.one)
  }
  state.setNow(until)
}

/** Sums what a period of a subscription costs. */
export function amountOf(subscription: Subscription): number {
  return subscription.items.data.reduce((sum, item) => sum + item.price.unit_amount * item.quantity, 0)
}

/** A price by id or lookup key. */
export function priceOf(state: State, name: string): Price {
  const price = [...state.prices.values()].find((one) => one.id === name || one.lookup_key === name)
  if (!price) throw new Error(`no such price: ${name}`)
  return price
}

function turn(state: State, subscription: Subscription): void {
  const now = state.now()
  const cancelled = subscription.cancel_at_period_end || (subscription.cancel_at ?? Number.POSITIVE_INFINITY) <= now
  const unpaidTrial = subscription.status === 'trialing' && !state.cards.has(subscription.customer)
  if (cancelled || unpaidTrial) {
    end(state, subscription)
    return
  }
  for (const item of subscription.items.data) {
    item.current_period_start = now
    item.current_period_end = after(now, item.price)
  }
  const paid = invoice(state, subscription, 'subscription_cycle', amountOf(subscription))
  update(state, subscription, (one) => {
    one.status = paid ? 'active' : 'past_due'
  })
}

function nextOf(subscription: Subscription): number {
  const ends = subscription.items.data.map((item) => item.current_period_end)
  return Math.min(...ends, subscription.cancel_at ?? Number.POSITIVE_INFINITY)
}

function after(start: number, price: Price): number {
  const date = new Date(start * 1000)
  if (price.recurring.interval === 'year') date.setUTCFullYear(date.getUTCFullYear() + 1)
  else date.setUTCMonth(date.getUTCMonth() + 1)
  return Math.floor(date.getTime() / 1000)
}

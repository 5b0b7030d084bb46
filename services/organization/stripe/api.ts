import { type Form, formAt, textAt, textsAt } from './form.ts'
import { amountOf, end, invoice, priceOf, update } from './life.ts'
import type { Session, Subscription } from './objects.ts'
import { newId, type State } from './state.ts'

/** An answer in Stripe's way of refusing. */
export class Refusal extends Error {
  readonly status: number
  readonly body: Record<string, unknown>

  constructor(status: number, message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.body = { error: { type: 'invalid_request_error', message, ...more } }
  }
}

const list = (url: string, data: unknown[]) => ({ object: 'list', url, has_more: false, data })

const missing = (what: string, id: string) =>
  new Refusal(404, `No such ${what}: '${id}'`, { code: 'resource_missing', param: 'id' })

/** Answers a request of the SDK; `base` is where the pages of this fake are. */
export function answerApi(state: State, base: string, method: string, path: string, form: Form): unknown {
  const [what = '', id = '', action] = path
    .replace(/^\/v1\//, '')
    .replace(/^(checkout|billing_portal)\//, '$1.')
    .split('/')
  const route = `${method} ${what}${id ? '/:id' : ''}${action ? `/${action}` : ''}`
  switch (route) {
    case 'POST customers':
      return createCustomer(state, form)
    case 'GET customers/:id':
      return found(state.customers.get(id), 'customer', id)
    case 'GET prices': {
      const keys = Object.values(formAt(form, 'lookup_keys'))
      return list(
        path,
        [...state.prices.values()].filter((price) => price.active && keys.includes(price.lookup_key)),
      )
    }
    case 'GET subscriptions': {
      const customer = customerAt(state, form)
      const all = [...state.subscriptions.values()].filter((one) => one.customer === customer)
      // Without `status=all` ended ones are left out, and the newest comes first.
      const ended = textAt(form, 'status') === 'all'
      return list(path, all.filter((one) => ended || one.status !== 'canceled').reverse())
    }
    case 'GET subscriptions/:id':
      return found(state.subscriptions.get(id), 'subscription', id)
    case 'POST subscriptions/:id':
      return updateSubscription(state, found(state.subscriptions.get(id), 'subscription', id), form)
    case 'DELETE subscriptions/:id': {
      const subscription = found(state.subscriptions.get(id), 'subscription', id)
      end(state, subscription)
      return subscription
    }
    case 'POST checkout.sessions':
      return createSession(state, base, form)
    case 'GET checkout.sessions': {
      const customer = customerAt(state, form)
      const status = textAt(form, 'status')
      const all = [...state.sessions.values()].filter((one) => one.customer === customer)
      return list(path, all.filter((one) => !status || one.status === status).map(sessionView))
    }
    case 'POST checkout.sessions/:id/expire': {
      const session = found(state.sessions.get(id), 'checkout.session', id)
      if (session.status !== 'open')
        throw new Refusal(400, `Only Checkout Sessions with a status in ["open"] can be expired.`)
      Object.assign(session, { status: 'expired', url: null })
      state.emit('checkout.session.expired', sessionView(session))
      return sessionView(session)
    }
    case 'POST billing_portal.sessions': {
      const customer = customerAt(state, form)
      const made = newId('bps')
      const returnUrl = textAt(form, 'return_url') ?? base
      state.portals.set(made, { customer, returnUrl })
      const url = `${base}/portal/${made}`
      return { id: made, object: 'billing_portal.session', customer, return_url: returnUrl, url, livemode: false }
    }
    case 'GET events':
      return list(path, [...state.events].reverse())
    case 'GET invoices':
      return list(
        path,
        [...state.invoices.values()].filter((one) => one.customer === textAt(form, 'customer')).reverse(),
      )
    default:
      throw new Refusal(404, `Unrecognized request URL (${method}: ${path}).`)
  }
}

/** A session without what this fake keeps for itself. */
export function sessionView({ wanted: _, ...session }: Session & { wanted: unknown }): Session {
  return session
}

function found<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined) throw missing(what, id)
  return value
}

function customerAt(state: State, form: Form): string {
  const id = textAt(form, 'customer') ?? ''
  const customer = state.customers.get(id)
  if (!customer || customer.deleted) throw missing('customer', id)
  return id
}

function createCustomer(state: State, form: Form): unknown {
  const id = newId('cus')
  const customer = {
    id,
    object: 'customer' as const,
    created: state.now(),
    name: textAt(form, 'name') ?? null,
    email: textAt(form, 'email') ?? null,
    metadata: textsAt(form, 'metadata'),
    livemode: false as const,
  }
  state.customers.set(id, customer)
  state.emit('customer.created', customer)
  return customer
}

function createSession(state: State, base: string, form: Form): Session {
  const customer = customerAt(state, form)
  const id = newId('cs_test')
  const price = textAt(form, 'line_items', '0', 'price') ?? ''
  if (!state.prices.get(price)?.active) throw missing('price', price)
  const session = {
    id,
    object: 'checkout.session' as const,
    created: state.now(),
    mode: 'subscription' as const,
    status: 'open' as const,
    payment_status: 'unpaid' as const,
    customer,
    client_reference_id: textAt(form, 'client_reference_id') ?? null,
    metadata: textsAt(form, 'metadata'),
    subscription: null,
    success_url: textAt(form, 'success_url') ?? base,
    cancel_url: textAt(form, 'cancel_url') ?? base,
    allow_promotion_codes: textAt(form, 'allow_promotion_codes') === 'true',
    payment_method_collection:
      textAt(form, 'payment_method_collection') === 'if_required' ? ('if_required' as const) : ('always' as const),
    url: `${base}/pay/${id}`,
    livemode: false as const,
    wanted: {
      price,
      quantity: Number(textAt(form, 'line_items', '0', 'quantity') ?? 1),
      trialDays: Number(textAt(form, 'subscription_data', 'trial_period_days') ?? 0),
      metadata: textsAt(form, 'subscription_data', 'metadata'),
      cancelWithoutCard:
        textAt(form, 'subscription_data', 'trial_settings', 'end_behavior', 'missing_payment_method') === 'cancel',
    },
  }
  state.sessions.set(id, session)
  return sessionView(session)
}

/** Seats, price and cancelling, as far as their billing: an invoice at once, or with the next one. */
function updateSubscription(state: State, subscription: Subscription, form: Form): Subscription {
  if (subscription.status === 'canceled')
    throw new Refusal(400, 'A canceled subscription can only update its metadata.')
  const changes = Object.values(formAt(form, 'items')).filter((item) => typeof item === 'object')
  const before = amountOf(subscription)
  const waits = textAt(form, 'payment_behavior') === 'pending_if_incomplete'
  const atOnce = textAt(form, 'proration_behavior') === 'always_invoice' && subscription.status === 'active'
  const changed = structuredClone(subscription)
  for (const change of changes) {
    const item = changed.items.data.find((one) => one.id === textAt(change, 'id'))
    if (!item) throw missing('subscription_item', textAt(change, 'id') ?? '')
    item.quantity = Number(textAt(change, 'quantity') ?? item.quantity)
    const price = textAt(change, 'price')
    if (price) item.price = priceOf(state, price)
  }
  const due = amountOf(changed) - before
  const paid = !atOnce || due <= 0 || invoice(state, subscription, 'subscription_update', due)
  update(state, subscription, (one) => {
    if (!paid && waits) {
      const items = changed.items.data.map(({ id, quantity }) => ({ id, quantity }))
      one.pending_update = { expires_at: state.now() + 23 * 60 * 60, subscription_items: items }
    } else one.items = changed.items
    const ends = textAt(form, 'cancel_at_period_end')
    if (ends !== undefined) one.cancel_at_period_end = ends === 'true'
  })
  return subscription
}

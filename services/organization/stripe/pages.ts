import { sessionView } from './api.ts'
import { type Form, textAt } from './form.ts'
import { amountOf, end, priceOf, subscribe, update } from './life.ts'
import type { Subscription } from './objects.ts'
import type { State } from './state.ts'

/** What a page answers: itself, or where to go. */
export type Page = { status: number; html: string } | { to: string }

const gone: Page = { status: 404, html: page('Not found', '<p>This page is not open any more.</p>') }

/** The page to pay on: what is bought, and a card that is good, declined, or none. */
export function payPage(state: State, id: string, refused = false): Page {
  const session = state.sessions.get(id)
  if (session?.status !== 'open') return gone
  const { price: priceId, quantity, trialDays } = session.wanted
  const price = priceOf(state, priceId)
  const total = money(price.unit_amount * quantity)
  const trial = trialDays > 0 ? `<p>${trialDays} days free, then ${total} a ${price.recurring.interval}.</p>` : ''
  const none = session.payment_method_collection === 'if_required' ? button('none', 'Start trial') : ''
  return {
    status: refused ? 402 : 200,
    html: page(
      'Checkout',
      `<h1>${quoted(price.lookup_key)}</h1><p>${quantity} × ${money(price.unit_amount)} = ${total}</p>${trial}
      ${refused ? '<p role="alert">Your card was declined.</p>' : ''}
      <form method="post">${none}${button('good', 'Pay')}${button('declined', 'Pay with a card that declines')}</form>
      <p><a href="${quoted(session.cancel_url)}">Back</a></p>`,
    ),
  }
}

/** Pays a session, once. */
export function pay(state: State, id: string, form: Form): Page {
  const session = state.sessions.get(id)
  if (session?.status !== 'open') return gone
  const card = textAt(form, 'choice')
  if (card === 'declined') return payPage(state, id, true)
  if (card === 'none' && session.payment_method_collection !== 'if_required') return payPage(state, id, true)
  if (card !== 'none') {
    state.cards.set(session.customer, 'good')
    state.emit('payment_method.attached', { object: 'payment_method', id: 'pm_card', customer: session.customer })
  }
  const subscription = subscribe(state, session.customer, session.wanted)
  Object.assign(session, {
    status: 'complete',
    url: null,
    subscription: subscription.id,
    payment_status: subscription.trial_end ? 'no_payment_required' : 'paid',
  })
  state.emit('checkout.session.completed', sessionView(session))
  return { to: session.success_url }
}

/** The customer's own page: what they have, and what they may do with it. */
export function portalPage(state: State, id: string): Page {
  const portal = state.portals.get(id)
  if (!portal) return gone
  const current = liveOf(state, portal.customer)
  const choices = current
    ? [
        current.cancel_at_period_end || current.cancel_at
          ? button('resume', 'Keep the plan')
          : button('cancel', 'Cancel at the end of the period'),
        button('cancel_now', 'Cancel now'),
        ...[...state.prices.values()]
          .filter((price) => price.active && price.id !== current.items.data[0]?.price.id)
          .map((price) => button(price.lookup_key, `Switch to ${price.lookup_key}`)),
      ].join('')
    : ''
  const told = current
    ? `<p>${quoted(current.items.data[0]?.price.lookup_key ?? '')}, ${quoted(current.status)}, ${money(amountOf(current))}</p>`
    : '<p>No subscription.</p>'
  return {
    status: 200,
    html: page(
      'Billing portal',
      `<h1>Your plan</h1>${told}<form method="post">${choices}</form>
      <p><a href="${quoted(portal.returnUrl)}">Return</a></p>`,
    ),
  }
}

/** Does what was chosen in the portal. */
export function usePortal(state: State, id: string, form: Form): Page {
  const portal = state.portals.get(id)
  const current = portal && liveOf(state, portal.customer)
  const choice = textAt(form, 'choice') ?? ''
  if (!current) return gone
  if (choice === 'cancel_now') end(state, current)
  else
    update(state, current, (one) => {
      const item = one.items.data[0]
      if (choice === 'cancel') {
        // The portal names the day; only what the API was told by name sets the other.
        one.cancel_at = item?.current_period_end ?? null
        one.canceled_at = state.now()
      } else if (choice === 'resume')
        Object.assign(one, { cancel_at: null, cancel_at_period_end: false, canceled_at: null })
      else if (item) item.price = priceOf(state, choice)
    })
  return { to: `/portal/${id}` }
}

function liveOf(state: State, customer: string): Subscription | undefined {
  return [...state.subscriptions.values()].find((one) => one.customer === customer && one.status !== 'canceled')
}

function button(value: string, label: string): string {
  return `<button name="choice" value="${quoted(value)}">${quoted(label)}</button> `
}

function money(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`
}

function quoted(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${quoted(title)}</title><style>body{font:16px/1.5 system-ui;max-width:32rem;margin:3rem auto;padding:0 1rem}
button{font:inherit;padding:.5rem 1rem;margin:.25rem 0}</style><body>${body}</body></html>`
}

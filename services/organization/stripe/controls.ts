import type { Delivery, Mode } from './delivery.ts'
import { advance, end, subscribe, update } from './life.ts'
import type { Event, Subscription } from './objects.ts'
import type { State } from './state.ts'

/** A failure that requests meet: those whose `METHOD /path` begins so, some times. */
export interface Fault {
  request: string
  status: number
  times: number
  /** Milliseconds before it answers; with status 0 it then answers as ever. */
  delayMs?: number
}

/** What a test does to the world of Stripe: name → input and result. */
export interface Controls {
  deliver: { in: { ids: string[]; atOnce?: boolean; signedAgo?: number }; out: number[] }
  delivery: { in: { mode?: Mode; url?: string; secret?: string; copies?: number; delayMs?: number }; out: null }
  events: { in: { customer?: string }; out: Event[] }
  requests: { in: Record<string, never>; out: string[] }
  fail: { in: Fault; out: null }
  advance: { in: { seconds: number }; out: null }
  card: { in: { customer: string; card: 'good' | 'declined' | 'none' }; out: null }
  subscribe: { in: { customer: string; price: string; quantity: number; trialDays?: number }; out: Subscription }
  change: {
    in: { subscription: string; set: Partial<Subscription>; quantity?: number; price?: string }
    out: Subscription
  }
  end: { in: { subscription: string }; out: null }
  subscriptions: { in: { customer: string }; out: Subscription[] }
  price: { in: { id: string; active: boolean }; out: null }
  forget: { in: { customer: string }; out: null }
}

/** Answers the controls. */
export function controls(state: State, delivery: Delivery, faults: Fault[], requests: string[]) {
  const subscription = (id: string): Subscription => {
    const found = state.subscriptions.get(id)
    if (!found) throw new Error(`no such subscription: ${id}`)
    return found
  }
  const aboutOf = (event: Event) => event.data.object as { object?: string; id?: string; customer?: string }
  const table: {
    [Name in keyof Controls]: (input: Controls[Name]['in']) => Controls[Name]['out'] | Promise<Controls[Name]['out']>
  } = {
    deliver: ({ ids, ...options }) => delivery.deliver(ids, options),
    delivery: (given) => {
      Object.assign(delivery, given)
      return null
    },
    events: ({ customer }) =>
      state.events.filter((event) => {
        const { object, id, customer: of } = aboutOf(event)
        return !customer || (object === 'customer' ? id : of) === customer
      }),
    requests: () => requests,
    fail: (fault) => {
      faults.push(fault)
      return null
    },
    advance: ({ seconds }) => {
      advance(state, seconds)
      return null
    },
    card: ({ customer, card }) => {
      if (card === 'none') state.cards.delete(customer)
      else state.cards.set(customer, card)
      return null
    },
    subscribe: ({ customer, price, quantity, trialDays = 0 }) =>
      subscribe(state, customer, { price, quantity, trialDays, metadata: {} }),
    change: ({ subscription: id, set, quantity, price }) => {
      const one = subscription(id)
      update(state, one, () => {
        Object.assign(one, set)
        const item = one.items.data[0]
        if (item && quantity !== undefined) item.quantity = quantity
        const found = price && state.prices.get(price)
        if (item && found) item.price = found
      })
      return one
    },
    end: ({ subscription: id }) => {
      end(state, subscription(id))
      return null
    },
    subscriptions: ({ customer }) => [...state.subscriptions.values()].filter((one) => one.customer === customer),
    price: ({ id, active }) => {
      const price = state.prices.get(id)
      if (price) price.active = active
      return null
    },
    forget: ({ customer: id }) => {
      const customer = state.customers.get(id)
      if (customer) {
        customer.deleted = true
        state.emit('customer.deleted', customer)
      }
      return null
    },
  }
  return table
}

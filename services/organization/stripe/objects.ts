// The objects of Stripe's API 2026-10-28.endive that this fake knows, in their own shapes: only what is here is kept.

export interface Customer {
  id: string
  object: 'customer'
  created: number
  name: string | null
  email: string | null
  metadata: Record<string, string>
  livemode: false
  deleted?: true
}

export interface Price {
  id: string
  object: 'price'
  active: boolean
  lookup_key: string
  product: string
  currency: 'usd'
  unit_amount: number
  type: 'recurring'
  recurring: { interval: 'month' | 'year'; interval_count: 1; usage_type: 'licensed' }
  livemode: false
}

export interface Item {
  id: string
  object: 'subscription_item'
  created: number
  /** The period is the item's; the subscription has none. */
  current_period_start: number
  current_period_end: number
  price: Price
  quantity: number
  subscription: string
}

export interface Subscription {
  id: string
  object: 'subscription'
  created: number
  customer: string
  status: string
  items: { object: 'list'; data: Item[]; has_more: false; url: string }
  cancel_at: number | null
  cancel_at_period_end: boolean
  canceled_at: number | null
  ended_at: number | null
  trial_start: number | null
  trial_end: number | null
  latest_invoice: string | null
  metadata: Record<string, string>
  pending_update: null | { expires_at: number; subscription_items: { id: string; quantity: number }[] }
  currency: 'usd'
  collection_method: 'charge_automatically'
  livemode: false
}

export interface Invoice {
  id: string
  object: 'invoice'
  created: number
  customer: string
  status: 'paid' | 'open'
  billing_reason: string
  amount_due: number
  amount_paid: number
  currency: 'usd'
  /** An invoice names its subscription here, and nowhere else. */
  parent: { type: 'subscription_details'; subscription_details: { subscription: string }; quote_details: null }
  livemode: false
}

export interface Session {
  id: string
  object: 'checkout.session'
  created: number
  mode: 'subscription'
  status: 'open' | 'complete' | 'expired'
  payment_status: 'unpaid' | 'paid' | 'no_payment_required'
  customer: string
  client_reference_id: string | null
  metadata: Record<string, string>
  subscription: string | null
  success_url: string
  cancel_url: string
  allow_promotion_codes: boolean
  payment_method_collection: 'always' | 'if_required'
  url: string | null
  livemode: false
}

export interface Event {
  id: string
  object: 'event'
  api_version: string
  created: number
  type: string
  livemode: false
  pending_webhooks: number
  request: null
  /** How the object was when it happened: it may be another by the time this is read. */
  data: { object: unknown }
}

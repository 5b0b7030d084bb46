import { billingApi as api, call, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { start } from '@realtime/organization'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBilling, type TestBilling } from './billing.ts'
import type { TestPerson } from './people.ts'

let billing: TestBilling
let ada: TestPerson
let customer: string
let id: string
beforeAll(async () => {
  billing = await startBilling()
  ada = await billing.people.person('Ada')
})
afterAll(() => billing.stop())
beforeEach(async () => {
  id = (await call(ada.caller, organizationApi.create, { body: { name: 'Acme' } })).id
  customer = await billing.customerOf(ada, id)
})

const { stringify } = JSON
const overview = () => call(ada.caller, api.overview, { params: { id } })
const subscribe = (price = 'realtime_team_month', trialDays = 0) =>
  billing.stripe.control('subscribe', { customer, price, quantity: 1, trialDays })
const eventIds = async () => (await billing.stripe.control('events', { customer })).map((event) => event.id)
const deliver = (ids: string[], options: { atOnce?: boolean; signedAgo?: number } = {}) =>
  billing.stripe.control('deliver', { ids, ...options })
const kept = (event: string) =>
  billing.sql('SELECT state, attempts, last_error FROM billing_events WHERE id = $1', [event])

/** How often Stripe was asked for subscriptions. */
async function looks(): Promise<number> {
  return (await billing.stripe.control('requests', {})).filter((one) => one === 'GET /v1/subscriptions').length
}

/** What is kept about the subscription, without when. */
async function row(): Promise<Record<string, unknown> | undefined> {
  const rows = await billing.sql('SELECT * FROM subscriptions WHERE organization_id = $1', [id])
  const { synced_at: _, ...rest } = rows[0] ?? {}
  return rows[0] && rest
}

async function post(body: string, headers: Record<string, string>): Promise<[number, unknown]> {
  const response = await fetch(billing.webhook, { method: 'POST', headers, body })
  return [response.status, ((await response.json()) as { type?: string }).type]
}

describe('an event is taken', () => {
  it('only with a signature of Stripe over the very bytes', async () => {
    await subscribe()
    const invalid = [400, '/problems/invalid-signature']
    const type = { 'content-type': 'application/json' }
    const body = stringify({ id: 'evt_forged', type: 'customer.subscription.updated', data: { object: { customer } } })
    expect(await post(body, type)).toEqual(invalid)
    const now = Math.floor(Date.now() / 1000)
    expect(await post(body, { ...type, 'stripe-signature': `t=${now},v1=${'0'.repeat(64)}` })).toEqual(invalid)
    expect(await post(body, { ...type, 'stripe-signature': 'nonsense' })).toEqual(invalid)
    expect(await post('', { ...type, 'stripe-signature': `t=${now},v1=00` })).toEqual(invalid)
    expect(await post(body, { 'content-type': 'text/plain' })).toEqual([415, '/problems/unsupported-media-type'])
    expect(await post('x'.repeat(1_100_000), type)).toEqual([413, '/problems/payload-too-large'])
    const [event = ''] = await eventIds()
    expect(await deliver([event], { signedAgo: 301 })).toEqual([400])
    await billing.stripe.control('delivery', { secret: 'whsec_of_somebody_else' })
    expect(await deliver([event])).toEqual([400])
    await billing.stripe.control('delivery', { secret: billing.stripe.env.STRIPE_WEBHOOK_SECRET })
    expect([await row(), await kept(event)]).toEqual([undefined, []])
    expect(await deliver([event], { signedAgo: 200 })).toEqual([200])
  })

  it('once: what was done is received again without work, also when it comes many times at once', async () => {
    await subscribe()
    const event = (await eventIds()).at(-1) ?? ''
    const before = await looks()
    const copies = Array.from({ length: 8 }, () => event)
    expect(new Set(await deliver(copies, { atOnce: true }))).toEqual(new Set([200]))
    expect((await overview()).plan).toBe('team')
    expect((await looks()) - before).toBeLessThanOrEqual(8)
    const after = await looks()
    expect(await deliver(copies)).toEqual(copies.map(() => 200))
    expect([await looks(), await kept(event)]).toEqual([after, [expect.objectContaining({ state: 'done' })]])
  })

  it('and left alone when it is about nobody here, or of another type', async () => {
    const before = await looks()
    const own = await billing.stripe.control('events', { customer })
    expect(own.map((event) => event.type)).toEqual(['customer.created'])
    expect(await deliver(own.map((event) => event.id))).toEqual([200])
    await billing.stripe.control('subscribe', {
      customer: 'cus_of_another_shop',
      price: 'realtime_team_month',
      quantity: 1,
    })
    const foreign = await billing.stripe.control('events', { customer: 'cus_of_another_shop' })
    const ids = foreign.map((event) => event.id)
    expect(await deliver(ids)).toEqual(ids.map(() => 200))
    expect(await looks()).toBe(before)
    expect(await billing.sql('SELECT 1 FROM billing_events WHERE id = ANY($1)', [ids])).toEqual([])
  })

  it('as failed while Stripe does not answer, and done when it is sent again', async () => {
    await subscribe()
    const event = (await eventIds()).at(-1) ?? ''
    await billing.stripe.control('fail', { request: 'GET /v1/subscriptions', status: 500, times: 1 })
    expect(await deliver([event])).toEqual([500])
    expect(await kept(event)).toEqual([{ state: 'failed', attempts: 1, last_error: expect.any(String) }])
    expect((await overview()).plan).toBe('free')
    expect(await deliver([event])).toEqual([200])
    expect(await kept(event)).toEqual([{ state: 'done', attempts: 2, last_error: null }])
    expect((await overview()).plan).toBe('team')
  })
})

describe('the look at what was left over', () => {
  it('takes up events of a process that is gone, and those that failed', async () => {
    await subscribe()
    await billing.sql(
      `INSERT INTO billing_events (id, type, customer_id, state, taken_at, received_at) VALUES
       ($1, 'invoice.paid', $3, 'processing', now() - interval '10 minutes', now()),
       ($2, 'invoice.paid', $3, 'failed', now() - interval '10 minutes', now())`,
      [`evt_stuck_${id}`, `evt_failed_${id}`, customer],
    )
    const other = await start(billing.people.config)
    try {
      await eventually(async () => {
        const states = [...(await kept(`evt_stuck_${id}`)), ...(await kept(`evt_failed_${id}`))]
        return states.every(({ state }) => state === 'done')
      })
      expect((await overview()).plan).toBe('team')
    } finally {
      await other.stop()
    }
  })

  it('finds what no event told: at the start, and again and again', async () => {
    const subscription = await subscribe()
    const other = await start({ ...billing.people.config, BILLING_RECONCILE_SECONDS: 1 })
    try {
      await eventually(async () => (await overview()).plan === 'team')
      await billing.stripe.control('change', { subscription: subscription.id, set: {}, price: 'price_business_month' })
      await eventually(async () => (await overview()).plan === 'business')
      await billing.fill(id, 2)
      await eventually(async () => (await overview()).subscription?.seats === 3)
      await billing.stripe.control('end', { subscription: subscription.id })
      await eventually(async () => (await overview()).plan === 'free')
    } finally {
      await other.stop()
    }
  })
})

describe('syncs', () => {
  it('at once take turns, so that no older state is written over a newer one', async () => {
    const subscription = await subscribe()
    // The first look is answered late: it began before the change, and must not end as the last word.
    await billing.stripe.control('fail', { request: 'GET /v1/subscriptions', status: 0, times: 1, delayMs: 300 })
    const sync = () => call(ada.caller, api.sync, { params: { id } })
    const other = await start(billing.people.config)
    try {
      const elsewhere = { ...ada.caller, baseUrl: other.url }
      const before = await looks()
      const first = sync()
      await eventually(async () => (await looks()) > before)
      await billing.stripe.control('change', { subscription: subscription.id, set: {}, price: 'price_business_month' })
      const rest = Array.from({ length: 6 }, (_, at) =>
        at % 2 ? sync() : call(elsewhere, api.sync, { params: { id } }),
      )
      for (const seen of await Promise.all(rest)) expect(seen.plan).toBe('business')
      await first
      expect((await overview()).plan).toBe('business')
    } finally {
      await other.stop()
    }
  })

  it('of two live subscriptions keep the larger, in whatever order they are told', async () => {
    await subscribe('realtime_business_month')
    await subscribe('realtime_team_year')
    await deliver(await eventIds())
    expect(await overview()).toMatchObject({ plan: 'business', subscription: { interval: 'month' } })
  })
})

describe('whatever happens to the events', () => {
  const seeds = Array.from({ length: 20 }, (_, at) => at + 1)

  it.each(seeds)('the same is known in the end (seed %i)', async (seed) => {
    const random = randomOf(seed)
    const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T
    await live(pick, random)
    const told = await eventIds()
    // All of them, in any order, some again, many at once.
    const again = told.flatMap((event) => (random() < 0.4 ? [event, event] : [event]))
    const statuses = await deliver(shuffled(again, random), { atOnce: random() < 0.5 })
    expect(new Set(statuses)).toEqual(new Set([200]))
    const permuted = await row()

    // From nothing, in their order.
    await forget()
    await deliver(await eventIds())
    const ordered = await row()
    expect(permuted).toEqual(ordered)
    expect(ordered).toBeDefined()

    // From nothing, most of them lost, then one look.
    await forget()
    await deliver(shuffled(await eventIds(), random).filter(() => random() < 0.3))
    await call(ada.caller, api.sync, { params: { id } })
    expect(await row()).toEqual(ordered)
  })

  /** A life of a customer, some of whose events arrive while it goes on. */
  async function live(pick: <T>(list: T[]) => T, random: () => number): Promise<void> {
    const { control } = billing.stripe
    const current = async () => (await control('subscriptions', { customer })).find((one) => one.status !== 'canceled')
    const prices = ['team_month', 'team_year', 'business_month', 'business_year']
    await control('card', { customer, card: 'good' })
    for (let step = 0; step < 8; step++) {
      const one = await current()
      if (!one) await subscribe(`realtime_${pick(prices)}`, pick([0, 14]))
      else
        await pick([
          () => control('change', { subscription: one.id, set: {}, price: `price_${pick(prices)}` }),
          () => control('change', { subscription: one.id, set: {}, quantity: 1 + Math.floor(random() * 5) }),
          () => control('change', { subscription: one.id, set: { cancel_at_period_end: random() < 0.5 } }),
          () =>
            control('change', { subscription: one.id, set: { status: pick(['active', 'past_due', 'paused', 'new']) } }),
          () => control('card', { customer, card: pick(['good', 'declined']) }),
          () => control('advance', { seconds: Math.floor(random() * 40) * 24 * 60 * 60 }),
          () => control('end', { subscription: one.id }),
        ])()
      if (random() < 0.3) await deliver(shuffled(await eventIds(), random).slice(0, 2))
    }
  }

  async function forget(): Promise<void> {
    await billing.sql('DELETE FROM subscriptions WHERE organization_id = $1', [id])
    await billing.sql('DELETE FROM billing_events WHERE customer_id = $1', [customer])
  }
})

function shuffled<T>(list: T[], random: () => number): T[] {
  const keys = new Map(list.map((item, at) => [at, { item, key: random() }]))
  return [...keys.values()].sort((left, right) => left.key - right.key).map(({ item }) => item)
}

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

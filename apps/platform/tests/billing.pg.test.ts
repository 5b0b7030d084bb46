import { randomUUID } from 'node:crypto'
import {
  billingApi as api,
  billingInternal,
  call,
  organizationApi,
  plans,
  type Role,
  TRIAL_DAYS,
} from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refused, startBilling, type TestBilling } from './billing.ts'
import { startPeople, type TestPerson } from './people.ts'

let billing: TestBilling
let ada: TestPerson
let grace: TestPerson
let gus: TestPerson
let eve: TestPerson
beforeAll(async () => {
  billing = await startBilling()
  await billing.stripe.sendTo(billing.webhook)
  ada = await billing.people.person('Ada')
  grace = await billing.people.person('Grace')
  gus = await billing.people.person('Gus')
  eve = await billing.people.person('Eve')
})
afterAll(() => billing.stop())

const problem = (key: string) => expect.objectContaining({ key })
const team = { plan: 'team', interval: 'month' } as const

async function organization(by = ada): Promise<string> {
  return (await call(by.caller, organizationApi.create, { body: { name: 'Acme' } })).id
}

async function invited(by: TestPerson, id: string, role: Exclude<Role, 'owner'> = 'member'): Promise<string> {
  const { url } = await call(by.caller, organizationApi.invite, { params: { id }, body: { role } })
  return url.split('/join/')[1] ?? ''
}

const accept = (who: TestPerson, token: string) =>
  call(who.caller, organizationApi.acceptInvitation, { body: { token } })
const join = async (who: TestPerson, id: string, role: Exclude<Role, 'owner'> = 'member') =>
  accept(who, await invited(ada, id, role))
const overview = (who: TestPerson, id: string) => call(who.caller, api.overview, { params: { id } })

/** Subscribes by the page of Stripe, as a person does. */
async function subscribe(id: string, body: { plan: 'team' | 'business'; interval: 'month' | 'year' } = team) {
  const { url } = await call(ada.caller, api.checkout, { params: { id }, body })
  const back = await billing.stripe.press(url, 'good')
  await call(ada.caller, api.sync, { params: { id } })
  return back
}

/** Ends the trial of an organization, so that changes cost at once. */
async function endTrial(id: string): Promise<void> {
  await billing.stripe.control('advance', { seconds: (TRIAL_DAYS + 1) * 24 * 60 * 60 })
  await eventually(async () => (await overview(ada, id)).subscription?.status === 'active')
}

describe('an organization without a subscription', () => {
  it('has the free plan and a trial before it', async () => {
    const id = await organization()
    expect(await overview(ada, id)).toEqual({
      mode: 'stripe',
      plan: 'free',
      limits: plans.free.limits,
      usage: { members: 1, storageBytes: 0, aiCredits: 0 },
      organizationId: id,
      subscription: null,
      exceeded: [],
      trialAvailable: true,
      role: 'owner',
    })
  })

  it('has room for five members; guests take no seat, and growing waits from there on', async () => {
    const id = await organization()
    await billing.fill(id, 3)
    await join(gus, id, 'guest')
    const token = await invited(ada, id)
    await accept(grace, token)
    expect((await overview(ada, id)).usage.members).toBe(5)
    const late = await invited(ada, id)
    await expect(accept(eve, late)).rejects.toMatchObject({ key: 'plan-limit', extra: { limit: 'members' } })
    await expect(accept(gus, late)).rejects.toEqual(problem('plan-limit'))
    const toMember = { params: { id, userId: gus.user.id }, body: { role: 'member' } } as const
    await expect(call(ada.caller, organizationApi.updateMember, toMember)).rejects.toEqual(problem('plan-limit'))
    // Who is in already is answered as before, and the refused invitation was not used.
    expect((await accept(grace, token)).role).toBe('member')
    const { invitations } = await call(ada.caller, organizationApi.invitations, { params: { id } })
    expect(invitations.find((one) => one.uses === 0)).toBeDefined()
  })
})

describe('subscribing', () => {
  it('goes over a page of Stripe, gives a trial once, and the larger limits at once', async () => {
    const id = await organization()
    const back = await subscribe(id)
    const to = new URL(back ?? '')
    expect(to.pathname + to.search).toBe(`/settings?tab=billing&organization=${id}&checkout=done`)
    const now = await overview(ada, id)
    expect(now).toMatchObject({
      plan: 'team',
      limits: plans.team.limits,
      trialAvailable: false,
      subscription: { status: 'trialing', interval: 'month', seats: 1, cancelAt: null },
    })
    expect(now.subscription?.trialEnd).toBe(now.subscription?.periodEnd)
    const [row] = await billing.sql('SELECT * FROM customers WHERE organization_id = $1', [id])
    const [stripes] = await billing.stripe.control('subscriptions', { customer: String(row?.customer_id) })
    expect(stripes).toMatchObject({ metadata: { organization_id: id }, items: { data: [{ quantity: 1 }] } })

    await billing.stripe.control('end', { subscription: stripes?.id ?? '' })
    await eventually(async () => (await overview(ada, id)).plan === 'free')
    await subscribe(id)
    expect((await overview(ada, id)).subscription).toMatchObject({ status: 'active', trialEnd: null })
  })

  it('tells of its end without the page asking: events come by themselves', async () => {
    const id = await organization()
    const { url } = await call(ada.caller, api.checkout, { params: { id }, body: team })
    await billing.stripe.press(url, 'none')
    await eventually(async () => (await overview(ada, id)).plan === 'team')
    // A trial without a card ends as the free plan.
    await billing.stripe.control('advance', { seconds: (TRIAL_DAYS + 1) * 24 * 60 * 60 })
    await eventually(async () => (await overview(ada, id)).plan === 'free')
    expect(await overview(ada, id)).toMatchObject({ subscription: { status: 'canceled' }, trialAvailable: false })
  })

  it('twice at once pays once: an older page is closed, and a live subscription refuses another', async () => {
    const id = await organization()
    const begin = () => call(ada.caller, api.checkout, { params: { id }, body: team })
    const [first, second] = await Promise.all([begin(), begin()])
    const paid = [await billing.stripe.press(first.url, 'good'), await billing.stripe.press(second.url, 'good')]
    expect(paid.filter(Boolean)).toHaveLength(1)
    await expect(begin()).rejects.toEqual(problem('conflict'))
    expect((await overview(ada, id)).plan).toBe('team')
    const rows = await billing.sql('SELECT customer_id FROM customers WHERE organization_id = $1', [id])
    const customer = String(rows[0]?.customer_id)
    expect(await billing.stripe.control('subscriptions', { customer })).toHaveLength(1)
  })

  it('a declined card leaves everything as it was', async () => {
    const id = await organization()
    const { url } = await call(ada.caller, api.checkout, { params: { id }, body: team })
    expect(await billing.stripe.press(url, 'declined')).toBeNull()
    expect((await call(ada.caller, api.sync, { params: { id } })).plan).toBe('free')
    expect(await billing.stripe.press(url, 'good')).not.toBeNull()
  })

  it('says which price is missing', async () => {
    const id = await organization()
    await billing.stripe.control('price', { id: 'price_business_year', active: false })
    const body = { plan: 'business', interval: 'year' } as const
    const failed = call(ada.caller, api.checkout, { params: { id }, body })
    await expect(failed).rejects.toMatchObject({
      key: 'billing-unavailable',
      message: expect.stringContaining('realtime_business_year'),
    })
    await billing.stripe.control('price', { id: 'price_business_year', active: true })
  })

  it('makes another customer where the old one was deleted at Stripe', async () => {
    const id = await organization()
    const customer = await billing.customerOf(ada, id)
    await billing.stripe.control('forget', { customer })
    await expect(call(ada.caller, api.portal, { params: { id } })).rejects.toEqual(problem('conflict'))
    await subscribe(id)
    expect((await overview(ada, id)).plan).toBe('team')
  })

  it('goes on where a customer was made and not written down, though its name is another by now', async () => {
    const id = await organization()
    await billing.customerOf(ada, id)
    await billing.sql('DELETE FROM customers WHERE organization_id = $1', [id])
    await call(ada.caller, organizationApi.update, { params: { id }, body: { name: 'Renamed since' } })
    await subscribe(id)
    expect((await overview(ada, id)).plan).toBe('team')
  })

  it('while Stripe fails, says so and changes nothing', async () => {
    const id = await organization()
    await subscribe(id)
    await billing.stripe.control('fail', { request: 'GET /v1/subscriptions', status: 500, times: 1 })
    await expect(call(ada.caller, api.sync, { params: { id } })).rejects.toEqual(problem('upstream-failed'))
    expect((await overview(ada, id)).plan).toBe('team')
  })
})

describe('a subscription', () => {
  it('is changed and cancelled in the portal, and keeps its plan until its end', async () => {
    const id = await organization()
    await expect(call(ada.caller, api.portal, { params: { id } })).rejects.toEqual(problem('conflict'))
    await subscribe(id)
    const { url } = await call(ada.caller, api.portal, { params: { id } })
    await billing.stripe.press(url, 'realtime_business_year')
    await eventually(async () => (await overview(ada, id)).plan === 'business')
    await billing.stripe.press(url, 'cancel')
    await eventually(async () => (await overview(ada, id)).subscription?.cancelAt !== null)
    const cancelled = await overview(ada, id)
    expect(cancelled).toMatchObject({ plan: 'business', subscription: { status: 'trialing' } })
    expect(cancelled.subscription?.cancelAt).toBe(cancelled.subscription?.periodEnd)
    await billing.stripe.press(url, 'resume')
    await eventually(async () => (await overview(ada, id)).subscription?.cancelAt === null)
    await billing.stripe.press(url, 'cancel_now')
    await eventually(async () => (await overview(ada, id)).plan === 'free')
  })

  it('keeps its plan while a payment is due; an unknown state entitles to nothing', async () => {
    const id = await organization()
    await subscribe(id)
    const [row] = await billing.sql(
      'SELECT subscription_id, customer_id FROM subscriptions JOIN customers USING (organization_id) WHERE organization_id = $1',
      [id],
    )
    await billing.stripe.control('card', { customer: String(row?.customer_id), card: 'declined' })
    await billing.stripe.control('advance', { seconds: (TRIAL_DAYS + 1) * 24 * 60 * 60 })
    await eventually(async () => (await overview(ada, id)).subscription?.status === 'past_due')
    expect((await overview(ada, id)).plan).toBe('team')
    const subscription = String(row?.subscription_id)
    await billing.stripe.control('change', { subscription, set: { status: 'dreaming' } })
    await eventually(async () => (await overview(ada, id)).plan === 'free')
    expect((await overview(ada, id)).subscription?.status).toBe('dreaming')
  })

  it('that ends takes nothing away, and tells what is over', async () => {
    const id = await organization()
    await subscribe(id)
    await billing.fill(id, 9)
    const body = { storageBytes: 5 * 1024 ** 3, measuredAt: new Date().toISOString() }
    await call(billing.people.internal, billingInternal.reportUsage, { params: { organizationId: id }, body })
    expect((await overview(ada, id)).exceeded).toEqual([])
    const { url } = await call(ada.caller, api.portal, { params: { id } })
    await billing.stripe.press(url, 'cancel_now')
    await eventually(async () => (await overview(ada, id)).plan === 'free')
    expect((await overview(ada, id)).exceeded).toEqual(['members', 'storageBytes'])
    expect(await billing.sql('SELECT 1 FROM memberships WHERE organization_id = $1', [id])).toHaveLength(10)
    const token = await invited(ada, id)
    await expect(accept(grace, token)).rejects.toEqual(problem('plan-limit'))
  })
})

describe('seats', () => {
  const seatsOf = async (id: string) => (await overview(ada, id)).subscription?.seats
  const requests = async () =>
    (await billing.stripe.control('requests', {})).filter((one) => one.startsWith('POST /v1/subscriptions/')).length

  it('follow members who join, leave and change their role; guests take none', async () => {
    const id = await organization()
    await subscribe(id)
    await join(grace, id)
    await eventually(async () => (await seatsOf(id)) === 2)
    await join(gus, id, 'guest')
    const toMember = { params: { id, userId: gus.user.id }, body: { role: 'member' } } as const
    await call(ada.caller, organizationApi.updateMember, toMember)
    await eventually(async () => (await seatsOf(id)) === 3)
    await call(ada.caller, organizationApi.removeMember, { params: { id, userId: grace.user.id } })
    await eventually(async () => (await seatsOf(id)) === 2)
    const before = await requests()
    await call(ada.caller, api.sync, { params: { id } })
    expect(await requests()).toBe(before)
  })

  it('that cannot be paid now wait, without charging again and again; the members stay', async () => {
    const id = await organization()
    await subscribe(id, { plan: 'team', interval: 'year' })
    await endTrial(id)
    const [row] = await billing.sql('SELECT customer_id FROM customers WHERE organization_id = $1', [id])
    const customer = String(row?.customer_id)
    await billing.stripe.control('card', { customer, card: 'declined' })
    await join(grace, id)
    await eventually(async () => {
      const [subscription] = await billing.stripe.control('subscriptions', { customer })
      return subscription?.pending_update !== null
    })
    const before = await requests()
    await call(ada.caller, api.sync, { params: { id } })
    expect([await requests(), await seatsOf(id)]).toEqual([before, 1])
    expect(await overview(grace, id)).toMatchObject({ plan: 'team', usage: { members: 2 } })
  })
})

describe('AI credits', () => {
  const spend = (who: TestPerson, id: string, request: string = randomUUID()) =>
    call(who.caller, api.spendCredit, { params: { id }, body: { request } })

  it('are counted once for each request, up to the limit, anew each month', async () => {
    const id = await organization()
    const request = randomUUID()
    expect(await spend(ada, id, request)).toEqual({ used: 1, limit: 50 })
    expect(await spend(ada, id, request)).toEqual({ used: 1, limit: 50 })
    await billing.sql(
      `INSERT INTO credit_spends (organization_id, request, month, user_id)
       SELECT $1, 'r' || n, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM'), 'x' FROM generate_series(1, 44) n`,
      [id],
    )
    const many = await Promise.allSettled(Array.from({ length: 12 }, () => spend(ada, id)))
    expect(many.filter((one) => one.status === 'fulfilled')).toHaveLength(5)
    await expect(spend(ada, id)).rejects.toMatchObject({ key: 'plan-limit', extra: { limit: 'aiCredits' } })
    expect(await spend(ada, id, request)).toEqual({ used: 50, limit: 50 })
    await billing.sql(`UPDATE credit_spends SET month = '2020-01' WHERE organization_id = $1`, [id])
    expect(await spend(ada, id)).toEqual({ used: 1, limit: 50 })
    await subscribe(id)
    expect(await spend(ada, id)).toEqual({ used: 2, limit: plans.team.limits.aiCredits })
  })

  it('are for members; guests and strangers spend none', async () => {
    const id = await organization()
    await join(gus, id, 'guest')
    await expect(spend(gus, id)).rejects.toEqual(problem('forbidden'))
    await expect(spend(eve, id)).rejects.toEqual(problem('not-found'))
    await expect(spend(ada, id, '')).rejects.toEqual(problem('invalid-input'))
  })
})

describe('who may', () => {
  it('read is every member; subscribe and manage are owners and admins; strangers find nothing', async () => {
    const id = await organization()
    await join(grace, id)
    await join(gus, id, 'guest')
    for (const who of [grace, gus]) {
      expect((await overview(who, id)).plan).toBe('free')
      expect((await call(who.caller, api.entitlements, { params: { id } })).limits).toEqual(plans.free.limits)
      expect((await call(who.caller, api.sync, { params: { id } })).organizationId).toBe(id)
      await refused('forbidden', [
        call(who.caller, api.checkout, { params: { id }, body: team }),
        call(who.caller, api.portal, { params: { id } }),
      ])
    }
    const params = { id }
    await refused('not-found', [
      overview(eve, id),
      call(eve.caller, api.entitlements, { params }),
      call(eve.caller, api.sync, { params }),
      call(eve.caller, api.checkout, { params, body: team }),
      call(eve.caller, api.portal, { params }),
    ])
  })

  it('needs a token, and good input', async () => {
    const nobody = { baseUrl: billing.people.organization.url }
    const internal = { baseUrl: billing.people.internal.baseUrl }
    const params = { id: 'x' }
    const organizationId = 'x'
    const usage = { storageBytes: 1, measuredAt: new Date().toISOString() }
    await refused('unauthenticated', [
      call(nobody, api.overview, { params }),
      call(nobody, api.checkout, { params, body: team }),
      call(nobody, api.portal, { params }),
      call(nobody, api.sync, { params }),
      call(nobody, api.entitlements, { params }),
      call(nobody, api.spendCredit, { params, body: { request: 'x' } }),
      call(internal, billingInternal.entitlements, { params: { organizationId } }),
      call(internal, billingInternal.reportUsage, { params: { organizationId }, body: usage }),
    ])
    const id = await organization()
    const free = { plan: 'free', interval: 'month' } as unknown as typeof team
    await expect(call(ada.caller, api.checkout, { params: { id }, body: free })).rejects.toEqual(
      problem('invalid-input'),
    )
    const negative = { params: { organizationId: id }, body: { ...usage, storageBytes: -1 } }
    await expect(call(billing.people.internal, billingInternal.reportUsage, negative)).rejects.toEqual(
      problem('invalid-input'),
    )
  })
})

describe('other services', () => {
  it('ask what an organization may use, and report what they keep; the latest measurement wins', async () => {
    const id = await organization()
    const { internal } = billing.people
    const params = { organizationId: id }
    const report = (storageBytes: number, measuredAt: string) =>
      call(internal, billingInternal.reportUsage, { params, body: { storageBytes, measuredAt } })
    await report(700, '2026-01-02T00:00:00Z')
    await report(300, '2026-01-01T00:00:00Z')
    expect(await call(internal, billingInternal.entitlements, { params })).toMatchObject({
      mode: 'stripe',
      plan: 'free',
      usage: { storageBytes: 700 },
    })
    expect((await overview(ada, id)).usage.storageBytes).toBe(700)
    const unknown = { params: { organizationId: 'unknown' } }
    await expect(call(internal, billingInternal.entitlements, unknown)).rejects.toEqual(problem('not-found'))
    const body = { storageBytes: 1, measuredAt: '2026-01-01T00:00:00Z' }
    await expect(call(internal, billingInternal.reportUsage, { ...unknown, body })).rejects.toEqual(
      problem('not-found'),
    )
  })
})

describe('a server without Stripe', () => {
  it('includes everything, and counts all the same', async () => {
    const people = await startPeople()
    try {
      const host = await people.person('Host')
      const { id } = await call(host.caller, organizationApi.ensurePersonal, {})
      const params = { id }
      await people.database.sql(
        `INSERT INTO memberships (organization_id, user_id, role)
         SELECT $1, 'filler-' || n, 'member' FROM generate_series(1, 30) n`,
        [id],
      )
      const { url } = await call(host.caller, organizationApi.invite, { params, body: {} })
      const friend = await people.person('Friend')
      await accept(friend, url.split('/join/')[1] ?? '')
      const limits = { members: null, storageBytes: null, historyDays: null, aiCredits: null }
      expect(await call(host.caller, api.overview, { params })).toMatchObject({
        mode: 'self-hosted',
        limits,
        usage: { members: 32 },
        exceeded: [],
        subscription: null,
      })
      expect(await call(friend.caller, api.spendCredit, { params, body: { request: 'one' } })).toEqual({
        used: 1,
        limit: null,
      })
      const internal = { params: { organizationId: id } }
      expect(await call(people.internal, billingInternal.entitlements, internal)).toMatchObject({ limits })
      expect((await call(host.caller, api.sync, { params })).mode).toBe('self-hosted')
      await refused('billing-unavailable', [
        call(host.caller, api.checkout, { params, body: team }),
        call(host.caller, api.portal, { params }),
        call(
          { baseUrl: people.organization.url },
          api.webhook,
          { body: new TextEncoder().encode('{}') },
          {
            headers: { 'content-type': 'application/json' },
          },
        ),
      ])
    } finally {
      await people.stop()
    }
  })
})

import { PASSWORD } from '@realtime/auth/testing'
import { organizationApi as api, billingApi, call, securityApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refused, startBilling, type TestBilling } from './billing.ts'
import { create } from './organizations.ts'
import type { TestPerson } from './people.ts'

let billing: TestBilling
let ada: TestPerson
beforeAll(async () => {
  billing = await startBilling()
  ada = await billing.people.person('Ada')
})
afterAll(() => billing.stop())

const sync = (id: string, by = ada) => call(by.caller, billingApi.sync, { params: { id } })
const askDeletion = (id: string) => call(ada.caller, api.delete, { params: { id }, body: { name: 'Acme' } })
const letTimePass = (id: string) =>
  billing.sql(`UPDATE organizations SET deletion_asked_at = deletion_asked_at - interval '15 days' WHERE id = $1`, [id])
const exists = async (id: string) => (await billing.sql('SELECT 1 FROM organizations WHERE id = $1', [id])).length > 0

/** An organization that pays. */
async function paying(by = ada): Promise<{ id: string; customer: string; subscription: string }> {
  const { id } = await create(by)
  const customer = await billing.customerOf(by, id)
  const wanted = { customer, price: 'realtime_team_month', quantity: 1 }
  const { id: subscription } = await billing.stripe.control('subscribe', wanted)
  await sync(id, by)
  return { id, customer, subscription }
}

const statusOf = async (customer: string) =>
  (await billing.stripe.control('subscriptions', { customer })).map(({ status }) => status)
const cancelLater = (subscription: string, cancel_at_period_end = true) =>
  billing.stripe.control('change', { subscription, set: { cancel_at_period_end } })

it('waits for its owner to cancel a subscription that goes on', async () => {
  const { id, customer, subscription } = await paying()
  await refused('conflict', [askDeletion(id)])
  await expect(call(ada.caller, api.leaveAll, {})).rejects.toMatchObject({
    key: 'conflict',
    extra: { organizations: ['Acme'] },
  })
  const { organizations } = await call(ada.caller, api.waysOut, {})
  expect(organizations.find((one) => one.id === id)).toMatchObject({ others: 0, way: 'subscription' })
  expect((await call(ada.caller, api.get, { params: { id } })).deletedAt).toBeNull()
  expect(await statusOf(customer)).toEqual(['active'])
  await cancelLater(subscription)
  await sync(id)
  expect((await askDeletion(id)).deletedAt).not.toBeNull()
  // Paid until its end: it can still be looked at, but nothing new is begun.
  const checkout = { params: { id }, body: { plan: 'team', interval: 'month' } } as const
  await refused('conflict', [call(ada.caller, billingApi.checkout, checkout)])
  expect((await call(ada.caller, billingApi.overview, { params: { id } })).subscription?.cancelAt).not.toBeNull()
})

it('ends at Stripe whatever is there when the time is over, and only then here', async () => {
  const { id, customer, subscription } = await paying()
  await cancelLater(subscription)
  await sync(id)
  await askDeletion(id)
  // Taken up again at Stripe, in a page that was still open.
  await cancelLater(subscription, false)
  await billing.stripe.control('fail', { request: `DELETE /v1/subscriptions/${subscription}`, status: 500, times: 3 })
  await letTimePass(id)
  await eventually(async () => !(await exists(id)))
  expect(await statusOf(customer)).toEqual(['canceled'])
})

it('goes where Stripe does not know it any more', async () => {
  const { id, customer, subscription } = await paying()
  await cancelLater(subscription)
  await sync(id)
  await askDeletion(id)
  await billing.stripe.control('forget', { customer })
  await letTimePass(id)
  await eventually(async () => !(await exists(id)))
})

it('ends what a deleted account alone had paid for', async () => {
  const gone = await billing.people.person('Gil')
  const { id, customer } = await paying(gone)
  await gone.browser.ask(securityApi.deleteAccount, { body: { password: PASSWORD, email: gone.user.email } })
  await eventually(async () => !(await exists(id)))
  expect(await statusOf(customer)).toEqual(['canceled'])
})

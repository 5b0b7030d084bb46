import { billingApi, call } from '@realtime/contracts'
import { type FakeStripe, startFakeStripe } from '@realtime/organization/fake-stripe'
import { expect } from 'vitest'
import { startPeople, type TestPeople, type TestPerson } from './people.ts'

/** Auth and organization beside each other, with billing switched on at a Stripe that forgets. */
export interface TestBilling {
  people: TestPeople
  stripe: FakeStripe
  /** Where Stripe sends its events. */
  webhook: string
  /** Runs one statement on organization's tables. */
  sql(statement: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** The customer of an organization at Stripe, made by beginning a checkout. */
  customerOf(owner: TestPerson, organizationId: string): Promise<string>
  /** Adds that many members at once, who exist in organization only. */
  fill(organizationId: string, members: number): Promise<void>
  stop(): Promise<void>
}

/** Starts all three; Stripe holds its events until told where to. */
export async function startBilling(): Promise<TestBilling> {
  const stripe = await startFakeStripe()
  const people = await startPeople('open', stripe.env)
  const webhook = `${people.organization.url}/billing/webhook`
  await stripe.control('delivery', { url: webhook })
  const sql: TestBilling['sql'] = (statement, values) => people.database.sql(statement, values)
  return {
    people,
    stripe,
    webhook,
    sql,
    async customerOf(owner, organizationId) {
      const body = { plan: 'team', interval: 'month' } as const
      await call(owner.caller, billingApi.checkout, { params: { id: organizationId }, body })
      const rows = await sql('SELECT customer_id FROM customers WHERE organization_id = $1', [organizationId])
      return String(rows[0]?.customer_id)
    },
    async fill(organizationId, members) {
      await sql(
        `INSERT INTO memberships (organization_id, user_id, role)
         SELECT $1, 'filler-' || gen_random_uuid(), 'member' FROM generate_series(1, $2::int)`,
        [organizationId, members],
      )
    },
    async stop() {
      await people.stop()
      await stripe.stop()
    },
  }
}

/** Expects each of the calls, made at once, to be refused with a problem. */
export async function refused(key: string, calls: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(calls)
  const reason = expect.objectContaining({ key })
  expect(results).toEqual(calls.map(() => ({ status: 'rejected', reason })))
}

import { eventually } from '@realtime/kit/testing'
import { account, join } from '@realtime/platform/person'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { type FakeStripe, startStripe } from './platform/stripe.ts'
import { startSupervised } from './platform/supervised.ts'

let stripe: FakeStripe
let platform: Platform
let browser: Browser
let ann: Window
let frank: Window
let link: string

beforeAll(async () => {
  stripe = await startStripe()
  platform = await startSupervised(stripe.env)
  const url = `${platform.url}/billing/webhook`
  await stripe.control('delivery', { mode: 'send', secret: stripe.env.STRIPE_WEBHOOK_SECRET, url })
  browser = await startBrowser()
  ann = await openWindow(browser)
  frank = await openWindow(browser)
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
  await stripe?.stop()
})

/** Opens the plan page and waits for what it says. */
async function openBilling(page: Page): Promise<void> {
  await page.goto(`${platform.url}/settings/billing`)
  await page.getByRole('heading', { name: 'Plans' }).waitFor()
}

const planOf = (page: Page) => page.getByRole('region', { name: 'Plan', exact: true })
const usageOf = (page: Page) => page.getByRole('region', { name: 'Usage' })

/** Opens the plan page again until it says so: news of Stripe come by themselves, soon. */
async function eventuallySays(page: Page, text: string | RegExp): Promise<void> {
  await eventually(async () => {
    await openBilling(page)
    return (await planOf(page).getByText(text).count()) > 0
  }, 30_000)
}

test('the free plan ends at five members, and says so to whoever invites and whoever comes', async () => {
  await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
  await ann.page.goto(`${platform.url}/settings/members`)
  await ann.page.getByRole('button', { name: 'Invite people' }).click()
  await ann.page.getByText('1 of 5 members of the Free plan').waitFor()
  await ann.page.getByRole('button', { name: 'Create invitation link' }).click()
  link = await ann.page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  for (const name of ['Bob', 'Carol', 'Dan', 'Erin']) await join(link, name)

  await openBilling(ann.page)
  await usageOf(ann.page).getByText('5 of 5').waitFor()
  await ann.page.getByRole('link', { name: 'Members' }).click()
  await ann.page.getByRole('button', { name: 'Invite people' }).click()
  await ann.page.getByText('only guests can join now').waitFor()

  const { email, password } = account('Frank')
  await frank.page.goto(link)
  await frank.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Frank')
  await frank.page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await frank.page.getByLabel('Password', { exact: true }).fill(password)
  await frank.page.getByRole('button', { name: 'Create account and join' }).click()
  await frank.page.getByText('5 of 5 members of the Free plan').waitFor()
})

test('an upgrade goes over Stripe and back: a declined card changes nothing, a good one all', async () => {
  await openBilling(ann.page)
  await ann.page.getByRole('button', { name: /^Try Team free/ }).click()
  await ann.page.waitForURL('**/pay/**')
  await ann.page.getByRole('button', { name: 'Pay with a card that declines' }).click()
  await ann.page.getByText('Your card was declined.').waitFor()
  await ann.page.getByRole('button', { name: 'Pay', exact: true }).click()
  await ann.page.waitForURL('**/settings/billing')
  await ann.page.getByText('is on the Team plan').waitFor()
  await planOf(ann.page).getByText('Trial: 14 days left').waitFor()
  await planOf(ann.page).getByText('5 seats × $9 = $45 a month').waitFor()
  await usageOf(ann.page).getByText('of 100 GB').waitFor()
})

test('then there is room: who was refused joins, and the seats follow', async () => {
  await frank.page.goto(link)
  await frank.page.getByRole('button', { name: /^Join/ }).click()
  await frank.page.waitForURL('**/home')
  await eventuallySays(ann.page, '6 seats × $9 = $54 a month')
})

test('members see the plan, and leave it to owners and admins', async () => {
  await openBilling(frank.page)
  await frank.page.getByText('Owners and admins choose the plan.').waitFor()
  await planOf(frank.page).getByText('Team', { exact: true }).waitFor()
  expect(await frank.page.getByRole('button', { name: /Manage billing|Switch to|Cancel/ }).count()).toBe(0)
})

test('cancelled in the portal, the plan holds until its end; then the free one, and nobody is locked out', async () => {
  await openBilling(ann.page)
  await ann.page.getByRole('button', { name: 'Manage billing' }).click()
  await ann.page.waitForURL('**/portal/**')
  await ann.page.getByRole('button', { name: 'Cancel at the end of the period' }).click()
  await ann.page.getByRole('link', { name: 'Return' }).click()
  await ann.page.getByText('The plan was cancelled and ends on').waitFor()
  await planOf(ann.page).getByText('Cancelled', { exact: true }).waitFor()
  await planOf(ann.page)
    .getByText(/^Ends on/)
    .waitFor()

  await stripe.control('advance', { seconds: 15 * 24 * 60 * 60 })
  await eventuallySays(ann.page, 'The last subscription ended on')
  await ann.page.getByText('Nothing is lost or locked, but nobody more can join as a member.').waitFor()
  await usageOf(ann.page).getByText('6 of 5').waitFor()
  await ann.page.getByRole('button', { name: 'Upgrade to Team' }).waitFor()
  // Whoever is over the limit still works.
  await frank.page.goto(`${platform.url}/home`)
  await steps.createDocument(frank.page, 'Still here')
  await steps.editor(frank.page).click()
  await frank.page.keyboard.type('Nothing is locked.')
  await steps.saved(frank.page)
  expect([...ann.errors, ...frank.errors]).toEqual([])
})

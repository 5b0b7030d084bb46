import { authApi, type Caller, call, documentApi, keyApi, Problem } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { account } from '@realtime/platform/person'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authenticator, authenticator } from './browser/authenticator.ts'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { startSupervised } from './platform/supervised.ts'

let platform: Platform
let browser: Browser
let ann: Window
let grace: Window
let bob: Window
let app: Authenticator
let recoveryCode: string

const NEW_PASSWORD = 'wholly different words'
const { email, password } = account('Grace')

beforeAll(async () => {
  platform = await startSupervised()
  browser = await startBrowser()
  ann = await openWindow(browser)
  grace = await openWindow(browser)
  bob = await openWindow(browser)
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

/** Opens a section of the settings. */
async function openSettings(page: Page, section: string): Promise<void> {
  await page.goto(`${platform.url}/settings/${section}`)
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
}

/** The link of the newest mail to somebody with that subject, from the outbox of the administrator. */
async function mailedLink(to: string, subject: string | RegExp): Promise<string> {
  const mail = ann.page
    .getByRole('listitem')
    .filter({ hasText: `to ${to}` })
    .filter({ hasText: subject })
    .first()
  await eventually(async () => {
    await openSettings(ann.page, 'outbox')
    await mail.waitFor({ timeout: 5_000 })
    return true
  }, 30_000)
  return (await mail.locator('a').first().getAttribute('href')) ?? ''
}

async function signUp(page: Page, name: string): Promise<void> {
  await page.goto(`${platform.url}/sign-up`)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(account(name).email)
  await page.getByLabel('Password', { exact: true }).fill(account(name).password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/home')
}

async function signOut(page: Page): Promise<void> {
  await openSettings(page, 'security')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
}

async function giveCredentials(page: Page, secret: string): Promise<void> {
  await page.goto(`${platform.url}/sign-in`)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function giveCode(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code' }).fill(code)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('somebody signs up, and confirms the address by the mail in the outbox', async () => {
  await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
  const { page } = grace
  await signUp(page, 'Grace')
  const asked = page.getByRole('complementary', { name: 'Your address' })
  await asked.getByText(email).waitFor()

  await page.goto(await mailedLink(email, 'Confirm your e-mail address'))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  await page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor()
  await page.getByRole('button', { name: 'Go to your workspace' }).click()
  await page.waitForURL('**/home')
  await page.getByRole('main').waitFor()
  expect(await asked.count()).toBe(0)

  // A link of a mail works once.
  await page.goto(await mailedLink(email, 'Confirm your e-mail address'))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
})

test('codes of an app are set up, with recovery codes that are shown once', async () => {
  const { page } = grace
  await openSettings(page, 'security')
  const section = page.getByRole('region', { name: 'Two-factor authentication' })
  await section.getByRole('button', { name: 'Set up' }).click()
  await page.getByLabel('Your password').fill('not the password')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('The password is wrong.').waitFor()
  await page.getByLabel('Your password').fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
  app = authenticator(await page.getByRole('textbox', { name: 'Key for the app' }).inputValue())
  await page.getByRole('textbox', { name: 'Code of the app' }).fill(await app.code())
  await page.getByRole('button', { name: 'Turn on' }).click()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await codes.first().waitFor()
  recoveryCode = (await codes.first().textContent()) ?? ''
  const done = page.getByRole('button', { name: 'Done' })
  expect(await done.isDisabled()).toBe(true)
  await page.getByRole('checkbox', { name: 'I have kept them' }).check()
  await done.click()
  await section.getByText(/recovery codes are left/).waitFor()
})

test('signing in then takes a code, or a recovery code', async () => {
  const { page } = grace
  await signOut(page)
  await giveCredentials(page, password)
  await giveCode(page, '000000')
  await page.getByRole('alert').first().waitFor()
  await giveCode(page, await app.code())
  await page.waitForURL('**/home')

  await signOut(page)
  await giveCredentials(page, password)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByRole('textbox', { name: 'Recovery code' }).fill(recoveryCode)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/home')
  await openSettings(page, 'security')
  await page.getByText('A recovery code was used').first().waitFor()
})

test('a forgotten password is set anew by mail, and the old one opens nothing', async () => {
  const { page } = grace
  await signOut(page)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  // The page before has a field of this name, too.
  await page.waitForURL('**/forgot-password*')
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByText('a mail to it is on its way').waitFor()
  await page.goto(await mailedLink(email, 'Set a new password'))
  await page.getByLabel('New password').fill('short')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await page.getByText('must have at least 10 characters').waitFor()
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Set the password' }).click()
  await page.getByText('Your new password is set').waitFor()

  await giveCredentials(page, password)
  await page.getByText('The e-mail address or the password is wrong').waitFor()
  await giveCredentials(page, NEW_PASSWORD)
  await giveCode(page, await app.code())
  await page.waitForURL('**/home')
})

test('an invitation by mail is for its address alone, one by link for whoever has it', async () => {
  const { page } = ann
  await openSettings(page, 'invitations')
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByText('Can be used').first().waitFor()
  await page.getByRole('combobox', { name: 'Can be used' }).click()
  await page.getByRole('option', { name: 'Once' }).click()
  await page.getByRole('button', { name: 'Create invitation link' }).click()
  const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  await steps.joinByLink(bob.page, link, 'Bob Example')

  await openSettings(page, 'invitations')
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByRole('tab', { name: 'By mail' }).click()
  await page.getByRole('textbox', { name: 'E-mail addresses' }).fill('nobody')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByText('Not an e-mail address: nobody').waitFor()
  await page.getByRole('textbox', { name: 'E-mail addresses' }).fill(`Grace <${email}>`)
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  // No mail server is set up: the page says so, and shows the link.
  await page.getByText('no mail went out').waitFor()
  await page.getByRole('textbox', { name: `Invitation link for ${email}` }).waitFor()

  const mailed = await mailedLink(email, 'Ann Example invites you')
  const carol = await openWindow(browser)
  await signUp(carol.page, 'Carol')
  await carol.page.goto(mailed)
  await carol.page.getByText('This invitation is for').waitFor()
  const refusal = carol.page.waitForResponse('**/orgs/invitations/accept')
  await carol.page.getByRole('button', { name: /^Join/ }).click()
  expect((await refusal).ok()).toBe(false)
  await grace.page.goto(mailed)
  await grace.page.getByRole('button', { name: /^Join/ }).click()
  await grace.page.waitForURL('**/home')
  await openSettings(page, 'members')
  await page.getByText(email).waitFor()

  // Both were used up.
  await openSettings(page, 'invitations')
  await page.getByText('No open invitations').waitFor()
  await openSettings(page, 'audit')
  await page.getByRole('main').getByText('made an invitation').first().waitFor()
})

test('an API key opens what it may and nothing else, until it is deleted', async () => {
  const { page } = grace
  await openSettings(page, 'keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly backup')
  await page.getByRole('button', { name: 'Create key' }).click()
  const key = await page.getByRole('textbox', { name: 'API key' }).inputValue()
  await page.getByRole('button', { name: 'Done' }).click()

  const exchange = () =>
    call({ baseUrl: platform.url, headers: () => ({ authorization: `Bearer ${key}` }) }, keyApi.exchangeKey, {})
  const { token, scopes } = await exchange()
  expect(scopes).toEqual(['documents:read'])
  const program: Caller = { baseUrl: platform.url, headers: () => ({ authorization: `Bearer ${token}` }) }
  const organization = await page.evaluate(() => localStorage.getItem('realtime.organization'))
  const query = { organization: organization ?? '' }
  expect((await call(program, documentApi.projects, { query })).projects.length).toBeGreaterThan(0)
  const refused = (key: string) => (error: unknown) => error instanceof Problem && error.key === key
  await expect(
    call(program, documentApi.createProject, { body: { organizationId: query.organization, name: 'By a program' } }),
  ).rejects.toSatisfy(refused('forbidden'))
  await expect(call(program, authApi.session, {})).rejects.toSatisfy(refused('unauthenticated'))

  await page.getByRole('button', { name: 'Delete the key Nightly backup' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('No keys yet').waitFor()
  await expect(exchange()).rejects.toSatisfy(refused('unauthenticated'))
  await eventually(async () => {
    await expect(call(program, documentApi.projects, { query })).rejects.toSatisfy(refused('unauthenticated'))
    return true
  })
})

test('a session that is ended elsewhere leads to signing in', async () => {
  const phone = await openWindow(browser)
  await giveCredentials(phone.page, NEW_PASSWORD)
  await giveCode(phone.page, await app.code())
  await phone.page.waitForURL('**/home')

  await openSettings(grace.page, 'security')
  const sessions = grace.page.getByRole('region', { name: 'Sessions' })
  await sessions
    .getByRole('button', { name: /^End the session on/ })
    .first()
    .click()
  await eventually(async () => (await sessions.getByRole('button', { name: /^End the session on/ }).count()) === 0)
  await phone.page.goto(`${platform.url}/settings/account`)
  await phone.page.waitForURL('**/sign-in?next=*')
  await phone.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
})

test('no page failed', () => {
  expect([...ann.errors, ...grace.errors, ...bob.errors]).toEqual([])
})

import { account } from '@realtime/platform/person'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { startSupervised } from './platform/supervised.ts'

let platform: Platform
let browser: Browser
let ann: Window
let dora: Window
const { email, password } = account('Dora')

beforeAll(async () => {
  platform = await startSupervised()
  browser = await startBrowser()
  ann = await openWindow(browser)
  dora = await openWindow(browser)
  await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

async function signOut(): Promise<void> {
  await dora.page.goto(`${platform.url}/settings/security`)
  await dora.page.getByRole('button', { name: 'Sign out' }).click()
  await dora.page.waitForURL('**/sign-in')
}

test('a passkey is added, renamed, signs in, and is removed', async () => {
  const { page, context } = dora
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto(`${platform.url}/sign-up`)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Dora')
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/home')

  await page.goto(`${platform.url}/settings/security`)
  const passkeys = page.getByRole('region', { name: 'Passkeys' })
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
  await passkeys.getByRole('button', { name: /^Rename the passkey/ }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Blue laptop')
  await page.getByRole('button', { name: 'Save' }).click()
  await passkeys.getByText('Blue laptop').waitFor()

  await signOut()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL('**/home')

  await page.goto(`${platform.url}/settings/security`)
  await page.getByText('Signed in with a passkey').first().waitFor()
  await passkeys.getByRole('button', { name: 'Remove the passkey Blue laptop' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await passkeys.getByText('No passkeys yet').waitFor()
})

test('a link by mail signs in once, and leads to a page of this server alone', async () => {
  const { page } = dora
  await signOut()
  await page.goto(`${platform.url}/sign-in?next=${encodeURIComponent('/settings/keys')}`)
  await page.getByRole('link', { name: 'E-mail me a link' }).click()
  await page.waitForURL('**/sign-in/link*')
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByText('a mail to it is on its way').waitFor()

  await ann.page.goto(`${platform.url}/settings/outbox`)
  const mail = ann.page
    .getByRole('listitem')
    .filter({ hasText: `to ${email}` })
    .first()
  await mail.waitFor()
  const link = (await mail.locator('a[href*="/magic/"]').getAttribute('href')) ?? ''
  // Looking at the page uses nothing up: programs that read mails do so.
  expect((await fetch(link)).ok).toBe(true)
  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/settings/keys')

  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()

  await signOut()
  await page.goto(`${platform.url}/sign-in?next=${encodeURIComponent('//evil.example/x')}`)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/home')
  expect(new URL(page.url()).origin).toBe(platform.url)
})

test('name and picture are changed; a large picture is made small, and what is none is refused', async () => {
  const { page } = dora
  await page.goto(`${platform.url}/settings/account`)
  const file = page.getByLabel('Image file for the picture')
  await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no image') })
  await page.getByText('This file is not an image').waitFor()
  const png = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 1600
    canvas.height = 900
    const brush = canvas.getContext('2d')
    brush?.fillRect(0, 0, 1600, 900)
    return canvas.toDataURL('image/png').split(',')[1] ?? ''
  })
  await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') })
  await page.getByRole('button', { name: 'Remove picture' }).waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('دورا الأولى')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Account: دورا الأولى' }).waitFor()
  const user = await page.evaluate(async () => (await (await fetch('/auth/session')).json()).user as { image: string })
  const size = await page.evaluate(async (url) => {
    const image = new Image()
    image.src = url
    await image.decode()
    return [image.naturalWidth, image.naturalHeight]
  }, user.image)
  expect(size).toEqual([256, 256])
})

test('an organization that is to be deleted is closed, and opens as it was once it is kept', async () => {
  const { page } = ann
  await page.goto(`${platform.url}/home`)
  await page.getByRole('button', { name: /^Organization:/ }).click()
  await page.getByRole('menuitem', { name: 'New organization' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Brief')
  await page.getByRole('button', { name: 'Create organization' }).click()
  await page.getByRole('button', { name: 'Organization: Brief' }).waitFor()
  await steps.createDocument(page, 'A memo')

  await page.goto(`${platform.url}/settings/organization`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('Brief')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click()
  await page.getByText('It is to be deleted', { exact: true }).waitFor()
  await page.goto(`${platform.url}/home`)
  await page.getByRole('heading', { name: 'This organization is closed' }).waitFor()
  await page.getByText('Closed, because it is to be deleted.').waitFor()
  expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: /^New / }).count()).toBe(0)

  await page.getByRole('button', { name: 'Keep it' }).click()
  await page.getByRole('treeitem', { name: 'A memo' }).waitFor()
  await page
    .getByRole('main')
    .getByRole('link', { name: /A memo/ })
    .waitFor()
})

test('an account is deleted, but not while it is the last owner of what others work in', async () => {
  const { page } = dora
  await page.goto(`${platform.url}/home`)
  await page.getByRole('button', { name: /^Organization:/ }).click()
  await page.getByRole('menuitem', { name: 'New organization' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Acme')
  await page.getByRole('button', { name: 'Create organization' }).click()
  await page.getByRole('button', { name: 'Organization: Acme' }).waitFor()
  await page.goto(`${platform.url}/settings/invitations`)
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByRole('button', { name: 'Create invitation link' }).click()
  const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  await ann.page.goto(link)
  await ann.page.getByRole('button', { name: /^Join/ }).click()
  await ann.page.waitForURL('**/home')

  const open = async () => {
    await page.goto(`${platform.url}/settings/account`)
    await page.getByRole('button', { name: 'Delete account' }).click()
  }
  const ask = async (secret: string) => {
    await open()
    await page.getByRole('textbox', { name: 'Type your e-mail address' }).fill(email)
    await page.getByLabel('Your password').fill(secret)
    await page.getByRole('button', { name: 'Delete my account' }).click()
  }
  await open()
  const holding = page.getByRole('dialog').getByRole('listitem')
  await holding.filter({ hasText: 'You are the last owner.' }).getByText('Acme', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Open its settings' }).click()

  await page.getByRole('button', { name: 'Transfer', exact: true }).click()
  await page.getByRole('radio', { name: /Ann Example/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Transfer', exact: true }).click()
  await page.getByRole('button', { name: 'Transfer ownership' }).click()
  await page.getByText('Owners and admins can change this').or(page.getByText('owns Acme now')).first().waitFor()
  await open()
  await page.getByText(/workspace is deleted with all projects and documents in it\.$/).waitFor()
  await page.getByText(/^You leave .*Acme/).waitFor()
  await ask('not the password')
  await page.getByText('The password is wrong.').waitFor()
  await ask(password)
  await page.getByText('Your account is deleted').waitFor()
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('The e-mail address or the password is wrong').waitFor()
})

test('no page failed', () => {
  expect([...ann.errors, ...dora.errors]).toEqual([])
})

import { eventually } from '@realtime/kit/testing'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { network } from './browser/network.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { ways } from './platform/ways.ts'

const [first] = ways
describe.each(first ? [first] : [])('%s', (_name, start) => {
  let platform: Platform
  let browser: Browser
  let ann: Window
  let bob: Window
  let vera: Window
  let line: { cut: boolean }
  let link: string

  beforeAll(async () => {
    browser = await startBrowser()
    platform = await start()
    ann = await openWindow(browser)
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    await steps.createDocument(ann.page, 'Offer')
    await steps.editor(ann.page).click()
    await ann.page.keyboard.type('We offer this.')
    await steps.saved(ann.page)
    bob = await openWindow(browser)
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
    vera = await openWindow(browser)
    line = await network(vera)
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  const shareDialog = (): Locator => ann.page.getByRole('dialog', { name: /^Share/ })

  /** Opens the share dialog of the document on Ann's page. */
  async function openSharing(): Promise<Locator> {
    await ann.page.getByRole('button', { name: 'Share', exact: true }).click()
    await shareDialog().getByText('General access').waitFor()
    return shareDialog()
  }

  test('a link is made with a level, a password, an end and a number of visitors', async () => {
    const dialog = await openSharing()
    await dialog.getByText('Everybody in').waitFor()
    await dialog.getByRole('button', { name: 'Create a link' }).click()
    await dialog.getByRole('combobox', { name: 'What visitors may do' }).click()
    await ann.page.getByRole('option', { name: 'Can edit' }).click()
    await dialog.getByRole('combobox', { name: 'How long it holds' }).click()
    await ann.page.getByRole('option', { name: 'Expires in a week' }).click()
    await dialog.getByRole('checkbox', { name: 'Ask for a password' }).check()
    await dialog.getByLabel('Password of the link').fill('abc')
    await dialog.getByRole('textbox', { name: 'Visitors at most' }).fill('two')
    await dialog.getByRole('button', { name: 'Create link', exact: true }).click()
    await dialog.getByText('must have at least 4 characters').waitFor()
    await dialog.getByText('must be a whole number').waitFor()
    await dialog.getByLabel('Password of the link').fill('open sesame')
    await dialog.getByRole('textbox', { name: 'Visitors at most' }).fill('1')
    const made = ann.page.waitForResponse((one) => one.request().method() === 'POST' && one.url().endsWith('/links'))
    await dialog.getByRole('button', { name: 'Create link', exact: true }).click()
    link = ((await (await made).json()) as { url: string }).url
    await dialog.getByText(/with a password · until .* · 0 of 1 visitors/).waitFor()
    await ann.page.keyboard.press('Escape')
  })

  test('a visitor comes in with the password and a name, and writes with the others', async () => {
    const { page } = vera
    await page.goto(link)
    await page.getByRole('textbox', { name: 'Your name' }).fill('Vera Visitor')
    await page.getByLabel('Password of the link').fill('open barley')
    await page.getByRole('button', { name: 'Open document' }).click()
    await page.getByText('This is not the password of the link').waitFor()
    await page.getByLabel('Password of the link').fill('open sesame')
    await page.getByRole('button', { name: 'Open document' }).click()
    await steps.editable(page)
    await steps.caretTo(page, 'end')
    await page.keyboard.type(' And Vera agrees.')
    await steps.saved(page)
    await steps.reads(ann.page, (text) => text === 'We offer this. And Vera agrees.')
    await ann.page.getByTestId('presence').getByRole('button', { name: 'Vera Visitor' }).waitFor()
    await page.getByTestId('presence').getByRole('button', { name: 'Ann Example' }).waitFor()
    expect(await page.getByRole('tree').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0)
  })

  test('the visitor is known after a reload, and nobody else comes in once the link is used up', async () => {
    await vera.page.reload()
    await steps.editable(vera.page)
    await ann.page.getByTestId('presence').getByRole('button', { name: 'Vera Visitor' }).waitFor()
    const other = await openWindow(browser)
    await other.page.goto(link)
    await other.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
    await other.context.close()
  })

  test('a link that is revoked while it is in use puts its visitor out; what was not saved is kept for them', async () => {
    const { page } = vera
    await steps.caretTo(page, 'end')
    line.cut = true
    await page.keyboard.type(' Unsaved words.')
    await page
      .getByTestId('save-state')
      .getByText(/^Offline/)
      .waitFor()
    const dialog = await openSharing()
    await dialog.getByText(/1 of 1 visitors/).waitFor()
    await dialog.getByRole('button', { name: 'Revoke link' }).click()
    await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await dialog.getByTestId('share-link').waitFor({ state: 'detached' })
    await ann.page.keyboard.press('Escape')
    line.cut = false
    await page.getByRole('heading', { name: 'Your access has ended' }).waitFor()
    await page.getByTestId('private-copies').getByRole('button', { name: 'View copy' }).click()
    await page.getByTestId('preview').getByText('And Vera agrees. Unsaved words.').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
    expect(await steps.written(ann.page)).toBe('We offer this. And Vera agrees.')
  })

  test('a visitor who is connected is out within a moment', async () => {
    const dialog = await openSharing()
    await dialog.getByRole('button', { name: 'Create a link' }).click()
    const made = ann.page.waitForResponse((one) => one.request().method() === 'POST' && one.url().endsWith('/links'))
    await dialog.getByRole('button', { name: 'Create link', exact: true }).click()
    const { url } = (await (await made).json()) as { url: string }
    await vera.page.goto(url)
    await steps.reads(vera.page, (text) => text.startsWith('We offer this.'))
    await vera.page.locator('[data-testid=editor][contenteditable=false]').waitFor()
    await steps.saved(vera.page)
    // Another password puts them out as well, and lets them in again.
    await dialog.getByRole('button', { name: 'Change link' }).click()
    await dialog.getByRole('checkbox', { name: 'Ask for a password' }).check()
    await dialog.getByLabel('Password of the link').fill('open barley')
    await dialog.getByRole('button', { name: 'Save link' }).click()
    await vera.page.getByLabel('Password of the link').fill('open barley', { timeout: 3_000 })
    await vera.page.getByRole('button', { name: 'Open document' }).click()
    await steps.reads(vera.page, (text) => text.startsWith('We offer this.'))
    await steps.saved(vera.page)
    await dialog.getByRole('button', { name: 'Revoke link' }).click()
    await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await vera.page.getByRole('heading', { name: 'Your access has ended' }).waitFor({ timeout: 3_000 })
    await ann.page.keyboard.press('Escape')
  })

  test('a private project is seen by nobody else, until it is shared with them', async () => {
    await ann.page.getByRole('button', { name: 'New project' }).click()
    const dialog = ann.page.getByRole('dialog', { name: 'New project' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Salaries')
    await dialog.getByRole('radio', { name: /Private/ }).click()
    await dialog.getByRole('button', { name: 'Create project' }).click()
    const project = ann.page.getByRole('treeitem', { name: 'Salaries' })
    await project.waitFor()
    await project.locator('> [data-row]').hover()
    const before = ann.page.url()
    await ann.page.getByRole('button', { name: 'New in Salaries' }).click()
    await ann.page.getByRole('menuitem', { name: /New document/ }).click()
    await ann.page.waitForURL((url) => url.href !== before)
    await steps.editable(ann.page)
    await ann.page.getByRole('textbox', { name: 'Title' }).fill('Raises')
    await ann.page.getByRole('textbox', { name: 'Title' }).press('Enter')
    await ann.page.getByRole('treeitem', { name: 'Raises' }).waitFor()

    await bob.page.goto(ann.page.url())
    await bob.page.getByText('This document does not exist, or you have no access').waitFor()
    await bob.page.goto(`${platform.url}/home`)
    await bob.page.getByRole('treeitem', { name: 'Getting started' }).waitFor()
    expect(await bob.page.getByRole('treeitem', { name: 'Salaries' }).count()).toBe(0)
  })

  test('somebody a document is shared with reads it in their inbox, at once', async () => {
    expect(await bob.page.getByTestId('unread').count()).toBe(0)
    const dialog = await openSharing()
    await dialog.getByText('Restricted').waitFor()
    await dialog.getByRole('combobox', { name: 'People and teams' }).fill('bob')
    await ann.page.getByRole('option', { name: /Bob Example/ }).click()
    await dialog.getByRole('combobox', { name: 'What they may do' }).click()
    await ann.page.getByRole('option', { name: 'Can comment' }).click()
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    const row = dialog.getByTestId('share-row').filter({ hasText: 'Bob Example' })
    await row.getByRole('button', { name: 'Why can Bob Example see this?' }).click()
    await row
      .getByTestId('why')
      .getByText(/Can comment/)
      .waitFor()
    await ann.page.keyboard.press('Escape')

    await bob.page.getByTestId('unread').getByText('1 unread').waitFor()
    await bob.page.getByRole('region', { name: 'Shared with me' }).getByRole('link', { name: 'Raises' }).waitFor()
    await bob.page.getByRole('link', { name: /Inbox/ }).click()
    await bob.page
      .getByTestId('notification')
      .getByRole('link', { name: /Ann Example shared with you .*Raises/ })
      .click()
    await bob.page.waitForURL('**/d/*')
    await bob.page.getByText('Read-only').waitFor()
    await eventually(async () => (await bob.page.getByTestId('unread').count()) === 0)
    expect([...ann.errors, ...bob.errors, ...vera.errors]).toEqual([])
  })
})

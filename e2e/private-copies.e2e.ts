import { call, documentApi, type Kind, kinds, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { callerOf } from './browser/caller.ts'
import { create, worked } from './browser/kinds.ts'
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
  let line: { cut: boolean }

  beforeAll(async () => {
    browser = await startBrowser()
    platform = await start()
    ann = await openWindow(browser)
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    await steps.createDocument(ann.page, 'Welcome')
    bob = await openWindow(browser)
    await bob.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    line = await network(bob)
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })
  beforeEach(async () => {
    line.cut = false
    await become('member')
  })

  /** Gives Bob another role. */
  async function become(role: 'member' | 'guest'): Promise<void> {
    const caller = callerOf(ann.page)
    const { organizations } = await call(caller, organizationApi.list, {})
    const id = organizations[0]?.id ?? ''
    const { members } = await call(caller, organizationApi.members, { params: { id } })
    const userId = members.find(({ name }) => name === 'Bob Example')?.userId ?? ''
    await call(caller, organizationApi.updateMember, { params: { id, userId }, body: { role } })
  }

  /** A new resource of Ann's that Bob has open. */
  async function open(kind: Kind, title: string): Promise<string> {
    await ann.page.goto(`${platform.url}/home`)
    await create(ann.page, kind, title)
    const address = ann.page.url()
    await bob.page.goto(address)
    await worked[kind].ready(bob.page)
    await steps.saved(bob.page)
    return address
  }

  const idOf = (address: string): string => address.split('/').at(-1) ?? ''
  const notice = (): Locator => bob.page.getByTestId('private-copies')
  const view = (): Locator => bob.page.getByTestId('copy-view')
  const offline = () =>
    bob.page
      .getByTestId('save-state')
      .getByText(/^Offline/)
      .waitFor()

  async function discard(): Promise<void> {
    await notice().getByRole('button', { name: 'More actions for this copy' }).click()
    await bob.page.getByRole('menuitem', { name: 'Discard…' }).click()
    await bob.page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click()
    await notice().waitFor({ state: 'detached' })
  }

  test.each(kinds)(
    'what is made of a %s offline, and may not be written any more, is kept for its author',
    async (kind) => {
      const { make, has, previewed, ready } = worked[kind]
      const address = await open(kind, `Refused ${kind}`)
      line.cut = true
      await make(bob.page)
      expect(await has(bob.page)).toBe(true)
      await offline()
      await become('guest')
      line.cut = false
      await notice()
        .getByText(/could not be saved: you may only view this document now/)
        .waitFor()
      await steps.saved(bob.page)
      await eventually(async () => !(await has(bob.page)))
      await notice().getByRole('button', { name: 'View copy' }).click()
      await previewed(bob.page)
      await view().getByRole('button', { name: 'Close' }).click()

      await bob.page.reload()
      await notice().waitFor()
      await notice().getByRole('button', { name: 'View copy' }).click()
      await previewed(bob.page)
      await bob.page.keyboard.press('Escape')
      await view().waitFor({ state: 'detached' })

      await ann.page.goto(address)
      await ready(ann.page)
      await steps.saved(ann.page)
      expect(await has(ann.page)).toBe(false)
      await discard()
      await bob.page.reload()
      await steps.saved(bob.page)
      expect(await notice().count()).toBe(0)
    },
  )

  test('of a deleted document the copy is offered in its place, to copy, download and save as a new one', async () => {
    const address = await open('document', 'Deleted')
    await steps.editor(bob.page).click()
    await bob.page.keyboard.type('Shared. ')
    await steps.saved(bob.page)
    line.cut = true
    await bob.page.keyboard.type('Mine.')
    await offline()
    await call(callerOf(ann.page), documentApi.deleteDocument, { params: { id: idOf(address) } })
    line.cut = false
    await bob.page.getByText('This document does not exist').waitFor()
    await notice()
      .getByText(/the document was deleted/)
      .waitFor()

    await bob.page.goto(`${platform.url}/home`)
    await bob.page
      .getByTestId('private-copies-list')
      .getByRole('link', { name: /Deleted/ })
      .click()
    await notice().getByRole('button', { name: 'More actions for this copy' }).click()
    await bob.page.getByRole('menuitem', { name: 'Copy the text' }).click()
    await bob.page.getByText('The text is copied').waitFor()
    expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe('Shared. Mine.')
    await notice().getByRole('button', { name: 'More actions for this copy' }).click()
    const download = bob.page.waitForEvent('download')
    await bob.page.getByRole('menuitem', { name: 'Markdown' }).click()
    expect((await download).suggestedFilename()).toBe('Deleted (private copy).md')

    await notice().getByRole('button', { name: 'View copy' }).click()
    await view().getByText('Shared. Mine.').waitFor()
    await view().getByRole('button', { name: 'Save as new document' }).click()
    await bob.page.waitForURL((url) => url.pathname.startsWith('/d/') && !url.href.startsWith(address))
    await steps.reads(bob.page, (text) => text === 'Shared. Mine.')
    await steps.saved(bob.page)
    await ann.page.goto(bob.page.url())
    await steps.reads(ann.page, (text) => text === 'Shared. Mine.')
    await bob.page.goto(address)
    await discard()
    await bob.page.goto(`${platform.url}/home`)
    await bob.page.getByRole('heading', { name: 'Recent' }).waitFor()
    expect(await bob.page.getByTestId('private-copies-list').count()).toBe(0)
  })

  test('a copy can be had of what waited while its page was closed, too', async () => {
    const address = await open('document', 'Closed')
    await steps.editor(bob.page).click()
    await bob.page.keyboard.type('Shared. ')
    await steps.saved(bob.page)
    line.cut = true
    await bob.page.keyboard.type('On the train.')
    await offline()
    // With what they stand on, which is kept once edits have waited for a while.
    await eventually(() => bob.page.evaluate(basesKept))
    await bob.page.close()
    await call(callerOf(ann.page), documentApi.deleteDocument, { params: { id: idOf(address) } })
    line.cut = false
    bob.page = await bob.context.newPage()
    await bob.page.goto(address)
    await notice().getByRole('button', { name: 'View copy' }).click()
    await view().getByTestId('preview').getByText('Shared. On the train.').waitFor()
    await view().getByRole('button', { name: 'Close' }).click()
    await discard()
  })

  test('who may only view from now on can write no more, and who may again can, on the same page', async () => {
    const address = await open('document', 'Live')
    await bob.page.evaluate(() => Object.assign(window, { same: true }))
    await steps.editor(bob.page).click()
    await bob.page.keyboard.type('Before. ')
    await steps.saved(bob.page)
    await become('guest')
    await bob.page.locator('[data-testid=editor][contenteditable=false]').waitFor()
    await bob.page.getByText('Read-only').waitFor()
    await bob.page.keyboard.type('Not this.')
    await become('member')
    await steps.editable(bob.page)
    await steps.caretTo(bob.page, 'end')
    await bob.page.keyboard.type('After.')
    await steps.saved(bob.page)
    expect(await steps.written(bob.page)).toBe('Before. After.')
    expect(await notice().count()).toBe(0)
    expect(await bob.page.evaluate(() => 'same' in window)).toBe(true)
    await ann.page.goto(address)
    await steps.reads(ann.page, (text) => text === 'Before. After.')
    expect([...ann.errors, ...bob.errors]).toEqual([])
  })
})

/** Whether the outbox of this device has a whole state beside the edits that wait. */
async function basesKept(): Promise<boolean> {
  const names = (await indexedDB.databases()).map(({ name }) => name ?? '').filter((name) => name.startsWith('outbox-'))
  const counts = names.map(
    (name) =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => resolve(0)
        opening.onsuccess = () => {
          const counting = opening.result.transaction('bases').objectStore('bases').count()
          counting.onsuccess = () => {
            opening.result.close()
            resolve(counting.result)
          }
        }
      }),
  )
  return (await Promise.all(counts)).some((count) => count > 0)
}

import { kinds } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { create, worked } from './browser/kinds.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { ways } from './platform/ways.ts'

describe.each(ways)('%s', (_name, start) => {
  let platform: Platform
  let browser: Browser
  let ann: Window
  let bob: Window

  beforeAll(async () => {
    browser = await startBrowser()
    platform = await start()
    ann = await openWindow(browser)
    bob = await openWindow(browser)
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    await steps.createDocument(ann.page, 'Start')
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  describe.each(kinds)('of a %s', (kind) => {
    const { ready, make, wipe, has, previewed } = worked[kind]
    const sees = (page: Page, there: boolean) => eventually(async () => (await has(page)) === there, 30_000)

    test('a version is named, looked at and restored for everybody, and the restore undone', async () => {
      await ann.page.goto(`${platform.url}/home`)
      await create(ann.page, kind, `The ${kind}`)
      await bob.page.goto(ann.page.url())
      await ready(bob.page)

      await make(ann.page)
      await sees(bob.page, true)
      await steps.saved(ann.page)
      await ann.page.getByRole('button', { name: 'Version history' }).click()
      await ann.page.getByRole('button', { name: 'Name current version' }).click()
      await ann.page.getByRole('textbox', { name: 'Name of the version' }).fill('First draft')
      await ann.page.keyboard.press('Enter')
      const version = ann.page.getByTestId('version').filter({ hasText: 'First draft' })
      await version.getByText('Ann Example').waitFor()
      await ann.page.getByRole('button', { name: 'Close history' }).click()

      await wipe(ann.page)
      await sees(bob.page, false)
      await steps.saved(ann.page)

      await ann.page.getByRole('button', { name: 'Version history' }).click()
      await version.click()
      await previewed(ann.page)
      expect(await has(bob.page)).toBe(false)
      await ann.page.getByRole('button', { name: 'Restore', exact: true }).click()
      await sees(bob.page, true)
      await sees(ann.page, true)

      await ann.page.getByRole('button', { name: 'Undo', exact: true }).last().click()
      await sees(bob.page, false)
      await ann.page.getByTestId('version').filter({ hasText: 'Before a restore' }).first().waitFor()
      expect([...ann.errors, ...bob.errors]).toEqual([])
    })
  })
})

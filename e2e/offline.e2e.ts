import { kinds } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { create, worked } from './browser/kinds.ts'
import { network } from './browser/network.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { ways } from './platform/ways.ts'

const KEPT = /Offline — \d+ changes? kept on this device/

describe.each(ways)('%s', (_name, start) => {
  let platform: Platform
  let browser: Browser
  let ann: Window
  let address: string

  beforeAll(async () => {
    browser = await startBrowser()
    platform = await start()
    ann = await openWindow(browser)
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    address = await steps.createDocument(ann.page, 'Notes')
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  test('with a dead network typing goes on, is counted, survives a closed tab, and arrives later', async () => {
    const window = await openWindow(browser)
    const line = await network(window)
    await steps.signIn(window.page, platform.url, 'Ann Example')
    await window.page.goto(address)
    await steps.editable(window.page)
    await steps.editor(window.page).click()
    await window.page.keyboard.type('Saved. ')
    await steps.saved(window.page)

    line.cut = true
    await window.page.keyboard.type('Offline.')
    await window.page.getByTestId('save-state').getByText(KEPT).waitFor()
    const again = await window.context.newPage()
    await window.page.close()
    await again.goto(address)
    await steps.reads(again, (text) => text === 'Saved. Offline.')
    await again.getByTestId('save-state').getByText(KEPT).waitFor()

    line.cut = false
    await steps.saved(again)
    await ann.page.goto(address)
    await steps.reads(ann.page, (text) => text === 'Saved. Offline.')
    await window.context.close()
  })

  test.each(kinds)(
    'of a %s the last saved content is shown read-only when the socket cannot be reached',
    async (kind) => {
      const { ready, make, has } = worked[kind]
      await ann.page.goto(`${platform.url}/home`)
      await create(ann.page, kind, `Kept ${kind}`)
      await make(ann.page)
      await steps.saved(ann.page)

      const window = await openWindow(browser)
      const line = await network(window)
      await steps.signIn(window.page, platform.url, 'Ann Example')
      line.cut = true
      await window.page.goto(ann.page.url())
      await window.page.getByText('The live connection cannot be made.').waitFor()
      await eventually(() => has(window.page))
      await expect(ready(window.page, 1_000)).rejects.toThrow('Timeout')
      line.cut = false
      await window.page.getByRole('button', { name: 'Retry' }).click()
      await ready(window.page)
      await steps.saved(window.page)
      expect(await has(window.page)).toBe(true)
      expect(window.errors).toEqual([])
      await window.context.close()
    },
  )

  test('a document that is nobody’s business is a clear page', async () => {
    await ann.page.goto(`${platform.url}/d/nowhere`)
    await ann.page.getByRole('heading', { name: /does not exist, or you have no access/ }).waitFor()
  })
})

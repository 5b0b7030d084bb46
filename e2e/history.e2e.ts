import type { Kind } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { startSupervised } from './platform/supervised.ts'

/** How a kind is given content and rid of it, by keys and pointer, and how one sees that it has it. */
interface Worked {
  new: string
  ready(page: Page): Promise<unknown>
  make(page: Page): Promise<unknown>
  wipe(page: Page): Promise<unknown>
  has(page: Page): Promise<boolean>
  /** Whether the version on the page shows it. */
  previewed(page: Page): Promise<unknown>
}

const kinds: Record<Kind, Worked> = {
  document: {
    new: 'New document',
    ready: steps.editable,
    async make(page) {
      await steps.editor(page).click()
      await page.keyboard.type('Worth keeping')
    },
    async wipe(page) {
      await steps.editor(page).click()
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Backspace')
    },
    has: async (page) => (await steps.written(page)).includes('Worth keeping'),
    previewed: (page) => page.getByTestId('preview').getByText('Worth keeping').waitFor(),
  },
  canvas: {
    new: 'New canvas',
    ready: (page) => page.locator('[data-testid=canvas][data-ready=true][data-editable=true]').waitFor(),
    async make(page) {
      await page.getByTestId('canvas').click({ position: { x: 300, y: 500 } })
      await page.keyboard.press('r')
      await page.mouse.move(600, 300)
      await page.mouse.down()
      await page.mouse.move(800, 420, { steps: 5 })
      await page.mouse.up()
    },
    async wipe(page) {
      await page.getByTestId('canvas').click({ position: { x: 300, y: 500 } })
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Delete')
    },
    has: async (page) => (await page.getByTestId('canvas-empty').count()) === 0,
    previewed: (page) => page.locator('[data-testid=preview][data-elements="1"]').waitFor(),
  },
  slides: {
    new: 'New slide deck',
    ready: (page) => page.locator('[data-testid=stage] [data-editable=true]').waitFor(),
    async make(page) {
      await page.locator('[data-testid=stage] [data-element]').first().dblclick()
      await page.getByTestId('slide-text').waitFor()
      await page.keyboard.type('Worth keeping')
      await page.keyboard.press('Escape')
    },
    async wipe(page) {
      await page.locator('[data-testid=stage] [data-element]').first().dblclick()
      await page.getByTestId('slide-text').waitFor()
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Backspace')
      await page.keyboard.press('Escape')
    },
    has: async (page) => ((await page.getByTestId('stage').textContent()) ?? '').includes('Worth keeping'),
    previewed: (page) => page.getByTestId('preview').getByText('Worth keeping').first().waitFor(),
  },
}

describe('history', () => {
  let platform: Platform
  let browser: Browser
  let ann: Window
  let bob: Window

  beforeAll(async () => {
    browser = await startBrowser()
    platform = await startSupervised()
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

  describe.each(Object.entries(kinds))('of a %s', (kind, worked) => {
    const sees = (page: Page, has: boolean) => eventually(async () => (await worked.has(page)) === has, 30_000)

    test('a version is named, looked at and restored for everybody, and the restore undone', async () => {
      const title = `The ${kind}`
      await ann.page.goto(`${platform.url}/home`)
      await ann.page.getByRole('main').getByRole('button', { name: worked.new }).click()
      await ann.page.waitForURL('**/d/*')
      await worked.ready(ann.page)
      const field = ann.page.getByRole('textbox', { name: 'Title' })
      await field.fill(title)
      await field.press('Enter')
      await ann.page.getByRole('link', { name: title }).first().waitFor()
      await bob.page.goto(ann.page.url())
      await worked.ready(bob.page)

      await worked.make(ann.page)
      await sees(bob.page, true)
      await steps.saved(ann.page)
      await ann.page.getByRole('button', { name: 'Version history' }).click()
      await ann.page.getByRole('button', { name: 'Name current version' }).click()
      await ann.page.getByRole('textbox', { name: 'Name of the version' }).fill('First draft')
      await ann.page.keyboard.press('Enter')
      const version = ann.page.getByTestId('version').filter({ hasText: 'First draft' })
      await version.getByText('Ann Example').waitFor()
      await ann.page.getByRole('button', { name: 'Close history' }).click()

      await worked.wipe(ann.page)
      await sees(bob.page, false)
      await steps.saved(ann.page)

      await ann.page.getByRole('button', { name: 'Version history' }).click()
      await version.click()
      await worked.previewed(ann.page)
      expect(await worked.has(bob.page)).toBe(false)
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

import { eventually } from '@realtime/kit/testing'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { ways } from './platform/ways.ts'

const item = (page: Page, name: string): Locator => page.getByRole('treeitem', { name, exact: true })
/** The row of an item, without what lies below it. */
const row = (page: Page, name: string): Locator => item(page, name).locator('> [data-row]')

/** Opens the menu of an item and chooses from it. */
async function choose(page: Page, name: string, option: string): Promise<void> {
  await row(page, name).hover()
  await row(page, name)
    .getByRole('button', { name: `Options of ${name}` })
    .click()
  await page.getByRole('menuitem', { name: option }).click()
}

/** Creates a document below another one by its menu, and names it. */
async function createBelow(page: Page, parent: string, title: string): Promise<void> {
  const before = page.url()
  await row(page, parent).hover()
  await row(page, parent)
    .getByRole('button', { name: `New below ${parent}` })
    .click()
  await page.getByRole('menuitem', { name: /New document/ }).click()
  await page.waitForURL((url) => url.href !== before)
  await steps.editable(page)
  const field = page.getByRole('textbox', { name: 'Title' })
  await field.fill(title)
  await field.press('Enter')
  await item(page, title).waitFor()
}

/** The names of what lies below an item, in their order. */
async function below(page: Page, name: string): Promise<(string | null)[]> {
  const items = item(page, name).locator('> ul > [role=treeitem]')
  return items.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
}

/** Waits until these lie below an item, in this order. */
async function liesBelow(page: Page, name: string, expected: string[]): Promise<void> {
  await eventually(async () => {
    expect(await below(page, name)).toEqual(expected)
    return true
  })
}

/** Below the middle of a row. */
const DROP_BELOW = { targetPosition: { x: 40, y: 24 } }

const [first] = ways
describe.each(first ? [first] : [])('%s', (_name, start) => {
  let platform: Platform
  let browser: Browser
  let ann: Window
  let bob: Window

  beforeAll(async () => {
    browser = await startBrowser()
    platform = await start()
    ann = await openWindow(browser)
    bob = await openWindow(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  test('the first person finds something to begin with, one click away', async () => {
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    await ann.page.getByRole('heading', { name: 'Start here' }).waitFor()
    await ann.page
      .getByRole('main')
      .getByRole('link', { name: /Welcome/ })
      .click()
    await steps.editable(ann.page)
    await steps.reads(ann.page, (text) => text.length > 100)
  })

  test('documents are made below each other, and the way to them is shown', async () => {
    await ann.page.goto(`${platform.url}/home`)
    await ann.page.getByRole('heading', { name: 'Recent' }).waitFor()
    await steps.createDocument(ann.page, 'Handbook')
    await steps.editor(ann.page).click()
    await ann.page.keyboard.type('我们一起实时协作编辑文档。')
    await steps.saved(ann.page)
    await createBelow(ann.page, 'Handbook', 'Chapter one')
    await createBelow(ann.page, 'Handbook', 'Chapter two')
    await createBelow(ann.page, 'Chapter two', 'Section')
    const place = ann.page.getByRole('navigation', { name: 'Place' })
    await place.getByRole('link', { name: 'Handbook' }).waitFor()
    await place.getByRole('link', { name: 'Chapter two' }).waitFor()
    await liesBelow(ann.page, 'Handbook', ['Chapter one', 'Chapter two'])
  })

  test('another tab shows at once what was dragged, and its own moves come on top', async () => {
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
    await row(bob.page, 'Handbook').getByTestId('toggle').click()
    await liesBelow(bob.page, 'Handbook', ['Chapter one', 'Chapter two'])

    await row(ann.page, 'Section').dragTo(row(ann.page, 'Chapter one'))
    await liesBelow(ann.page, 'Chapter one', ['Section'])
    await row(bob.page, 'Chapter one').getByTestId('toggle').click()
    await liesBelow(bob.page, 'Chapter one', ['Section'])

    await row(bob.page, 'Chapter two').dragTo(row(bob.page, 'Chapter one'), {
      targetPosition: { x: 90, y: 2 },
    })
    await liesBelow(bob.page, 'Handbook', ['Chapter two', 'Chapter one'])
    await liesBelow(ann.page, 'Handbook', ['Chapter two', 'Chapter one'])
  })

  test('the keyboard walks the tree, renames and moves', async () => {
    const { page } = ann
    await row(page, 'Handbook').getByRole('link').click()
    await item(page, 'Handbook').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Chapter one')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Section')
    await page.keyboard.press('F2')
    await page.getByRole('textbox', { name: 'New title of Section' }).waitFor()
    await eventually(() => page.evaluate(() => document.activeElement?.tagName === 'INPUT'))
    await page.keyboard.type('Appendix')
    await page.keyboard.press('Enter')
    await item(page, 'Appendix').waitFor()
    await item(bob.page, 'Appendix').waitFor()

    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Appendix'))
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: 'Move to…' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: /Move/ })
    await dialog.getByRole('button', { name: 'Getting started' }).press('Enter')
    await dialog.getByRole('button', { name: 'Handbook' }).press('Enter')
    await dialog.getByText('Getting started / Handbook').waitFor()
    await dialog.getByRole('button', { name: 'Move here' }).press('Enter')
    await liesBelow(page, 'Handbook', ['Chapter two', 'Chapter one', 'Appendix'])
    await liesBelow(bob.page, 'Handbook', ['Chapter two', 'Chapter one', 'Appendix'])
  })

  test('a stale tab changes nothing: what it shows is taken back, and the tree is as it is on the server', async () => {
    const { page } = ann
    const stopped = '**/documents/events**'
    await page.route(stopped, (route) => route.abort())
    await page.reload()
    await liesBelow(page, 'Handbook', ['Chapter two', 'Chapter one', 'Appendix'])
    await choose(bob.page, 'Chapter two', 'Move to trash')
    await liesBelow(bob.page, 'Handbook', ['Chapter one', 'Appendix'])
    await row(page, 'Chapter two').dragTo(row(page, 'Appendix'))
    await page.getByText('The document was not moved').waitFor()
    await liesBelow(page, 'Handbook', ['Chapter one', 'Appendix'])
    await page.unroute(stopped)
    await page.reload()
    await bob.page.getByRole('button', { name: 'Undo' }).click()
    await liesBelow(bob.page, 'Handbook', ['Chapter two', 'Chapter one', 'Appendix'])
    await liesBelow(page, 'Handbook', ['Chapter two', 'Chapter one', 'Appendix'])
  })

  test('favourites are at hand, and the trash gives back what went there', async () => {
    const { page } = ann
    await choose(page, 'Appendix', 'Add to favourites')
    const favourites = page.getByRole('region', { name: 'Favourites' })
    await favourites.getByRole('link', { name: 'Appendix' }).click()
    await page.getByRole('button', { name: 'Favourite', pressed: true }).waitFor()

    // They are sorted by keys, from the menu and by dragging, and stay so.
    await choose(page, 'Chapter one', 'Add to favourites')
    const names = () => favourites.getByRole('link').evaluateAll((all) => all.map((one) => one.textContent))
    const sorted = (expected: string[]) =>
      eventually(async () => {
        expect(await names()).toEqual(expected)
        return true
      })
    await sorted(['Appendix', 'Chapter one'])
    const told = (): Promise<unknown> =>
      page.waitForResponse((one) => one.request().method() === 'PUT' && one.url().endsWith('/favourite') && one.ok())
    const appendix = favourites.getByRole('link', { name: 'Appendix' })
    await appendix.focus()
    await Promise.all([told(), page.keyboard.press('Alt+ArrowDown')])
    await sorted(['Chapter one', 'Appendix'])
    await Promise.all([told(), page.keyboard.press('Alt+ArrowUp')])
    await sorted(['Appendix', 'Chapter one'])
    await Promise.all([told(), appendix.dragTo(favourites.getByRole('link', { name: 'Chapter one' }), DROP_BELOW)])
    await sorted(['Chapter one', 'Appendix'])
    await appendix.hover()
    await favourites.getByRole('button', { name: 'Options for Appendix in favourites' }).click()
    await Promise.all([told(), page.getByRole('menuitem', { name: 'Move up' }).click()])
    await sorted(['Appendix', 'Chapter one'])
    await favourites.getByRole('button', { name: 'Options for Appendix in favourites' }).click()
    await Promise.all([told(), page.getByRole('menuitem', { name: 'Move down' }).click()])
    await page.reload()
    await sorted(['Chapter one', 'Appendix'])
    await favourites.getByRole('link', { name: 'Chapter one' }).hover()
    await favourites.getByRole('button', { name: 'Options for Chapter one in favourites' }).click()
    await page.getByRole('menuitem', { name: 'Remove from favourites' }).click()
    await sorted(['Appendix'])

    await choose(page, 'Handbook', 'Move to trash')
    await item(page, 'Handbook').waitFor({ state: 'detached' })
    await favourites.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Trash' }).click()
    const trashed = page.getByTestId('trashed').filter({ hasText: 'Handbook' })
    await trashed.getByText(/with 3 below it/).waitFor()
    await trashed.getByText(/goes in (29|30) days/).waitFor()
    await trashed.getByRole('button', { name: 'Restore Handbook' }).click()
    await trashed.waitFor({ state: 'detached' })
    await item(page, 'Handbook').waitFor()
    await liesBelow(page, 'Handbook', ['Chapter two', 'Chapter one', 'Appendix'])
    await favourites.getByRole('link', { name: 'Appendix' }).waitFor()
  })

  test('a document is found by a Chinese phrase, by keys alone', async () => {
    const { page } = ann
    await page.goto(`${platform.url}/home`)
    await item(page, 'Handbook').waitFor()
    // What was opened last is offered before anything is found: only a find is marked.
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    const found = palette.getByRole('option', { name: /Handbook/ }).filter({ has: page.locator('mark') })
    // What was written is taken up into the search a moment later.
    await eventually(async () => {
      await page.keyboard.press('Control+k')
      await palette.getByRole('combobox').fill('协作编辑')
      try {
        await found.waitFor({ timeout: 5_000 })
        expect(await found.locator('mark').allTextContents()).toEqual(['协作编辑'])
        return true
      } catch (error) {
        await page.keyboard.press('Escape')
        await palette.waitFor({ state: 'detached' })
        throw error
      }
    }, 60_000)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/d/*')
    await steps.reads(page, (text) => text.includes('实时协作'))
    expect([...ann.errors, ...bob.errors]).toEqual([])
  })
})

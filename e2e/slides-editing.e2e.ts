import { eventually } from '@realtime/kit/testing'
import type { Browser, Locator, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { makeDeck } from './browser/decks.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { startSupervised } from './platform/supervised.ts'

let platform: Platform
let browser: Browser
let ann: Window
let bob: Window
let address: string
/** Bob's network: while it is cut nothing passes, and nobody is told. */
const line = { cut: false }

beforeAll(async () => {
  browser = await startBrowser()
  platform = await startSupervised()
  ann = await openWindow(browser)
  bob = await openWindow(browser)
  await bob.context.routeWebSocket('**/socket.io/**', (page: WebSocketRoute) => {
    if (line.cut) return void page.close()
    const server = page.connectToServer()
    page.onMessage((message) => (line.cut ? undefined : server.send(message)))
    server.onMessage((message) => (line.cut ? undefined : page.send(message)))
  })
  await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
  address = `${platform.url}/d/${await makeDeck(ann.page, 'Plans', () => {})}`
  await ann.page.goto(address)
  await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
  await bob.page.goto(address)
  await Promise.all([tools(ann.page).waitFor(), tools(bob.page).waitFor()])
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

const tools = (page: Page) => page.getByRole('toolbar', { name: 'Tools' })
const stage = (page: Page) => page.getByTestId('stage')
const elements = (page: Page) => stage(page).locator('[data-element]')
const shapes = (page: Page) => stage(page).locator('[data-type=shape]')
const slides = (page: Page) => page.getByTestId('slide-list').getByRole('option')

/** What is written in a box, without others' carets. */
function textOf(box: Locator): Promise<string> {
  return box.evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement
    for (const caret of copy.querySelectorAll('[class*=caret], .ProseMirror-widget')) caret.remove()
    return copy.textContent ?? ''
  })
}

/** Waits until a box reads so. */
async function reads(box: Locator, check: (text: string) => boolean): Promise<string> {
  return eventually(async () => {
    const text = await textOf(box)
    if (!check(text)) throw new Error(`it reads: ${text}`)
    return text
  }, 30_000)
}

/** Where an element is on the stage, in logical pixels. */
function placeOf(element: Locator): Promise<[x: number, y: number, width: number, height: number]> {
  return element.evaluate(({ style }) => {
    const [x = 0, y = 0, width = 0, height = 0] = [style.left, style.top, style.width, style.height].map(
      Number.parseFloat,
    )
    return [x, y, width, height]
  })
}

/** Waits until two windows show an element at one place. @returns it */
async function sharedPlace(one: Locator, other: Locator) {
  return eventually(async () => {
    const place = await placeOf(one)
    expect(await placeOf(other)).toEqual(place)
    return place
  }, 30_000)
}

/** Presses the middle of something, or a point beside it, and lets go elsewhere. */
async function drag(page: Page, from: Locator, dx: number, dy: number): Promise<void> {
  const box = await from.boundingBox()
  if (!box) throw new Error('there is nothing to drag')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + dx / 2, y + dy / 2, { steps: 4 })
  await page.mouse.move(x + dx, y + dy, { steps: 4 })
  await page.mouse.up()
}

test('two people write in one box of a slide, and see each other there', async () => {
  const [mine, his] = [elements(ann.page).first(), elements(bob.page).first()]
  await mine.click()
  await ann.page.keyboard.type('Plans')
  await reads(his, (text) => text === 'Plans')
  await his.click()
  await bob.page.keyboard.press('Control+End')
  await ann.page.keyboard.press('Control+Home')
  await Promise.all([
    ann.page.keyboard.type('abcdefgh', { delay: 25 }),
    bob.page.keyboard.type('ABCDEFGH', { delay: 25 }),
  ])
  const text = await reads(mine, (now) => now.length === 21)
  expect(text).toBe('abcdefghPlansABCDEFGH')
  await reads(his, (now) => now === text)
  await stage(ann.page).getByTestId('visitor').filter({ hasText: 'Bob Example' }).waitFor()
  await stage(ann.page).locator('.caret').filter({ hasText: 'Bob Example' }).waitFor({ state: 'attached' })
  await ann.page.getByTestId('slide-list').getByRole('img', { name: 'Bob Example is here' }).waitFor()
})

test('undo takes back one’s own letters in a box, and leaves the other’s', async () => {
  await ann.page.keyboard.press('Control+z')
  await reads(elements(bob.page).first(), (text) => !text.includes('abcdefgh') && text.endsWith('ABCDEFGH'))
  await ann.page.keyboard.press('Control+Shift+z')
  await reads(elements(bob.page).first(), (text) => text === 'abcdefghPlansABCDEFGH')
})

test('a shape is added, moved and resized, and the other sees it at once', async () => {
  await ann.page.keyboard.press('Escape')
  await ann.page.getByRole('button', { name: 'Shape', exact: true }).click()
  await ann.page.getByRole('menuitem', { name: 'Rounded rectangle' }).click()
  await shapes(bob.page).waitFor()
  const before = await sharedPlace(shapes(ann.page), shapes(bob.page))
  await drag(ann.page, shapes(ann.page), 90, 60)
  const moved = await sharedPlace(shapes(ann.page), shapes(bob.page))
  expect(moved[0]).toBeGreaterThan(before[0] + 40)
  expect(moved.slice(2)).toEqual(before.slice(2))
  await drag(ann.page, ann.page.locator('.moveable-control.moveable-se'), 70, 50)
  const resized = await sharedPlace(shapes(ann.page), shapes(bob.page))
  expect(resized[2]).toBeGreaterThan(moved[2] + 30)
  expect(resized.slice(0, 2)).toEqual(moved.slice(0, 2))

  // Bob colors what Ann has moved; she takes her own two steps back, and his stays.
  await shapes(bob.page).click()
  await bob.page.getByRole('button', { name: 'Fill' }).click()
  await bob.page.getByRole('button', { name: 'Second accent' }).click()
  const fill = (page: Page) => shapes(page).locator('path').first().getAttribute('style')
  await eventually(async () => ((await fill(ann.page)) ?? '').includes('accent-2'))
  await ann.page.keyboard.press('Control+z')
  await ann.page.keyboard.press('Control+z')
  await eventually(async () => expect(await placeOf(shapes(bob.page))).toEqual(before) ?? true)
  expect(await fill(bob.page)).toContain('accent-2')
})

test('what is selected is worked on by keys: copied, pasted, nudged, written in, deleted', async () => {
  const { page } = ann
  await shapes(page).first().click()
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await eventually(async () => (await shapes(bob.page).count()) === 2)
  const [x, y] = await placeOf(shapes(page).last())
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ArrowDown')
  await eventually(
    async () => expect((await placeOf(shapes(bob.page).last())).slice(0, 2)).toEqual([x + 10, y + 1]) ?? true,
  )
  await page.keyboard.type('Go')
  await reads(shapes(bob.page).last(), (text) => text === 'Go')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Delete')
  await eventually(async () => (await shapes(bob.page).count()) === 1)
})

test('slides are added, copied, moved and deleted, for both', async () => {
  const { page } = ann
  await page.getByTestId('slide-list').focus()
  await page.keyboard.press('Enter')
  await elements(page).first().click()
  await page.keyboard.type('Second')
  await page.getByTestId('slide-list').focus()
  await page.keyboard.press('Control+d')
  await eventually(async () => (await slides(bob.page).count()) === 3)
  const names = () =>
    slides(bob.page).evaluateAll((options) => options.map((option) => option.getAttribute('aria-label') ?? ''))
  await eventually(
    async () =>
      expect(await names()).toEqual(['Slide 1: abcdefghPlansABCDEFGH', 'Slide 2: Second', 'Slide 3: Second']) ?? true,
  )
  await page.keyboard.press('Control+ArrowUp')
  await page.keyboard.press('Control+ArrowUp')
  await eventually(
    async () =>
      expect(await names()).toEqual(['Slide 1: Second', 'Slide 2: abcdefghPlansABCDEFGH', 'Slide 3: Second']) ?? true,
  )
  // Bob drags the first slide to the end.
  const last = await slides(bob.page).last().boundingBox()
  const first = await slides(bob.page).first().boundingBox()
  await drag(bob.page, slides(bob.page).first(), 0, (last?.y ?? 0) + (last?.height ?? 0) - (first?.y ?? 0))
  await eventually(async () => expect((await names())[0]).toBe('Slide 1: abcdefghPlansABCDEFGH') ?? true)
  await bob.page.keyboard.press('Delete')
  await eventually(async () => (await slides(page).count()) === 2)
  await page.keyboard.press('Home')
})

test('a picture is stored, and the other sees it', async () => {
  const { page } = ann
  const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } })
  await page.getByTestId('picture-file').setInputFiles({ name: 'part.png', mimeType: 'image/png', buffer: picture })
  await bob.page.keyboard.press('Home')
  for (const each of [page, bob.page]) {
    const image = stage(each).locator('[data-type=image] img')
    await image.waitFor()
    await eventually(() => image.evaluate((shown) => (shown as HTMLImageElement).naturalWidth === 320))
  }
  const notPicture = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') }
  await page.getByTestId('picture-file').setInputFiles(notPicture)
  await page.getByText('notes.png could not be stored').waitFor()
})

test('offline one goes on; when the network is back both decks become one', async () => {
  await steps.saved(bob.page)
  line.cut = true
  await bob.page.getByRole('button', { name: 'Text box', exact: true }).click()
  await bob.page.keyboard.type('Written offline')
  await bob.page
    .getByTestId('save-state')
    .getByText(/Offline/)
    .waitFor()
  await ann.page.getByTestId('stage').focus()
  await ann.page.keyboard.press('Escape')
  await ann.page.getByRole('button', { name: 'Theme', exact: true }).click()
  await ann.page.getByRole('button', { name: 'Midnight', exact: true }).click()
  await ann.page.keyboard.press('Escape')
  line.cut = false
  await steps.saved(bob.page)
  await reads(elements(ann.page).last(), (text) => text === 'Written offline')
  const background = (page: Page) =>
    stage(page)
      .locator('[data-slide]')
      .evaluate((slide) => getComputedStyle(slide).backgroundColor)
  await eventually(async () => (await background(bob.page)) === (await background(ann.page)))
})

test('notes are written together, and a reload keeps all there is', async () => {
  await ann.page.getByTestId('notes').click()
  await ann.page.keyboard.type('Say hello')
  await reads(bob.page.getByTestId('notes'), (text) => text === 'Say hello')
  await steps.saved(ann.page)
  const shown = () =>
    elements(ann.page).evaluateAll((all) => all.map((one) => [one.getAttribute('style'), one.textContent]))
  const before = await shown()
  await ann.page.reload()
  await tools(ann.page).waitFor()
  await eventually(async () => expect(await shown()).toEqual(before) ?? true)
  await reads(ann.page.getByTestId('notes'), (text) => text === 'Say hello')
  expect([...ann.errors, ...bob.errors]).toEqual([])
})

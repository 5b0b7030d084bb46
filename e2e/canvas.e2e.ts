import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { call, documentApi, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { type CanvasElement, readCanvas } from '@realtime/resources'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { callerOf } from './browser/caller.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { startSupervised } from './platform/supervised.ts'

let platform: Platform
let browser: Browser
let ann: Window
let bob: Window
let address: string
/** Requests of the pages that left the platform. */
const elsewhere: string[] = []

beforeAll(async () => {
  browser = await startBrowser()
  platform = await startSupervised()
  ann = await openWindow(browser)
  bob = await openWindow(browser)
  for (const { page } of [ann, bob]) {
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(platform.url) && !/^(data|blob):/.test(url)) elsewhere.push(url)
    })
  }
  await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
  address = await createCanvas(ann.page, 'Map of the island')
  await open(ann.page)
  await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
  await open(bob.page)
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

/** Creates a canvas as the person of the page. @returns its address */
async function createCanvas(page: Page, title: string): Promise<string> {
  const caller = callerOf(page)
  const organization = await call(caller, organizationApi.ensurePersonal, {})
  const project = await call(caller, documentApi.ensureFirstProject, { query: { organization: organization.id } })
  const body = { projectId: project.id, kind: 'canvas' as const, title }
  const { id } = await call(caller, documentApi.createDocument, { body })
  return `${new URL(page.url()).origin}/d/${id}`
}

const canvas = (page: Page) => page.getByTestId('canvas')

async function open(page: Page): Promise<void> {
  await page.goto(address)
  await page.locator('[data-testid=canvas][data-ready=true][data-editable=true]').waitFor()
}

/** A point of the stage on the page. */
async function at(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = await page.locator('canvas.interactive').boundingBox()
  if (!box) throw new Error('there is no stage')
  return [box.x + x, box.y + y]
}

async function drag(page: Page, from: [number, number], to: [number, number], steps = 6): Promise<void> {
  await page.mouse.move(...(await at(page, ...from)))
  await page.mouse.down()
  await page.mouse.move(...(await at(page, ...to)), { steps })
  await page.mouse.up()
}

/** Puts the tool in hand by its key; the stage must have the focus for it. */
async function take(page: Page, key: string): Promise<void> {
  await page.locator('.excalidraw').first().focus()
  await page.keyboard.press(key)
}

/** How many elements the page shows. */
const shown = async (page: Page): Promise<number> => Number(await canvas(page).getAttribute('data-elements'))
const shows = (page: Page, count: number) =>
  eventually(async () => {
    const now = await shown(page)
    if (now !== count) throw new Error(`${now} elements are shown`)
    return true
  }, 30_000)

/** What the server holds. */
async function stored(page: Page): Promise<CanvasElement[]> {
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const saved = await call(callerOf(page), documentApi.state, { params: { id } })
  const doc = new Y.Doc()
  Y.applyUpdate(doc, new Uint8Array(await saved.arrayBuffer()))
  return readCanvas(doc)
}

/** Waits until what the server holds is so. */
async function storedAs(page: Page, check: (elements: CanvasElement[]) => boolean): Promise<CanvasElement[]> {
  return eventually(async () => {
    const elements = await stored(page)
    if (!check(elements)) throw new Error(JSON.stringify(elements.map(({ type, x, y }) => ({ type, x, y }))))
    return elements
  }, 30_000)
}

const one = (elements: CanvasElement[], type: string): CanvasElement => {
  const found = elements.find((element) => element.type === type)
  if (!found) throw new Error(`there is no ${type}`)
  return found
}

async function exported(page: Page, item: 'PNG image' | 'SVG drawing'): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const coming = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: item }).first().click()
  const download = await coming
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

test('an empty canvas says how to begin', async () => {
  await ann.page.getByTestId('canvas-empty').waitFor()
  expect(await shown(ann.page)).toBe(0)
})

test('Ann draws a shape and an arrow from it; Bob sees both, moves the one and colours it, and the arrow follows', async () => {
  await take(ann.page, 'r')
  await drag(ann.page, [330, 200], [480, 300])
  await take(ann.page, 'a')
  await drag(ann.page, [485, 250], [700, 250])
  await shows(bob.page, 2)
  const before = await storedAs(bob.page, (elements) => elements.length === 2)
  expect((one(before, 'arrow').startBinding as { elementId: string }).elementId).toBe(one(before, 'rectangle').id)
  await take(bob.page, 'v')
  await drag(bob.page, [330, 250], [330, 380])
  await bob.page.getByTestId('color-top-pick-#e03131').first().click()
  const after = await storedAs(ann.page, (elements) => one(elements, 'rectangle').strokeColor === '#e03131')
  expect(one(after, 'rectangle').y - one(before, 'rectangle').y).toBeCloseTo(130, 0)
  expect(JSON.stringify(one(after, 'arrow').points)).not.toBe(JSON.stringify(one(before, 'arrow').points))
  await bob.page.keyboard.press('Escape')
})

test('each sees the other’s pointer with the name', async () => {
  await bob.page.mouse.move(...(await at(bob.page, 600, 420)), { steps: 4 })
  await ann.page.mouse.move(...(await at(ann.page, 620, 160)), { steps: 4 })
  await ann.page.getByTestId('cursor').filter({ hasText: 'Bob Example' }).waitFor()
  await bob.page.getByTestId('cursor').filter({ hasText: 'Ann Example' }).waitFor()
})

test('both draw freehand at once; both strokes arrive whole', async () => {
  await Promise.all([take(ann.page, 'p'), take(bob.page, 'p')])
  await Promise.all([drag(ann.page, [600, 480], [900, 520], 50), drag(bob.page, [600, 640], [900, 600], 50)])
  await Promise.all([shows(ann.page, 4), shows(bob.page, 4)])
  // A stroke is sent now and then while it is drawn, and whole once the pointer is lifted.
  await storedAs(ann.page, (elements) => {
    const strokes = elements.filter(({ type }) => type === 'freedraw')
    return (
      strokes.length === 2 && strokes.every(({ points, width }) => (points as unknown[]).length > 30 && width > 295)
    )
  })
  await Promise.all([take(ann.page, 'v'), take(bob.page, 'v')])
})

test('undoing takes back what one did oneself, and nothing of the other', async () => {
  await ann.page.keyboard.press('Control+z')
  await Promise.all([shows(ann.page, 3), shows(bob.page, 3)])
  const left = await storedAs(ann.page, (elements) => elements.length === 3)
  // Bob's, which came below Ann's.
  expect(one(left, 'freedraw').height).toBeGreaterThan(30)
  expect(one(left, 'rectangle').strokeColor).toBe('#e03131')
  await ann.page.keyboard.press('Control+Shift+z')
  await Promise.all([shows(ann.page, 4), shows(bob.page, 4)])
})

test('text is seen while it is typed, and found in the state', async () => {
  await take(ann.page, 't')
  await ann.page.mouse.click(...(await at(ann.page, 340, 520)))
  await ann.page.keyboard.type('Here be dragons', { delay: 10 })
  await shows(bob.page, 5)
  await ann.page.keyboard.press('Escape')
  await storedAs(ann.page, (elements) => one(elements, 'text').originalText === 'Here be dragons')
})

test('an image that is dropped is stored, and seen by the other; what is none is refused with a word', async () => {
  await drop(ann.page, 'island.png', 'image/png', pixels)
  await Promise.all([shows(ann.page, 6), shows(bob.page, 6)])
  const image = one(await storedAs(ann.page, (elements) => elements.length === 6), 'image')
  expect(image.fileId).toMatch(/^[\w-]{43}$/)
  await ann.page.locator('[data-testid=canvas][data-waiting="0"]').waitFor()
  // Bob has the bytes: they are in the picture that his page makes.
  await eventually(async () => {
    const { bytes } = await exported(bob.page, 'SVG drawing')
    return bytes.toString().includes('data:image/png;base64,')
  }, 30_000)
  await drop(ann.page, 'plan.pdf', 'application/pdf', Buffer.from('%PDF-1.7'))
  await ann.page.getByText('Only images can be put on a canvas').waitFor()
  await drop(ann.page, 'broken.png', 'image/png', Buffer.from('not an image'))
  await ann.page.getByText('This image cannot be read').waitFor()
  await shows(ann.page, 6)
})

test('a script in an SVG does not run', async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="document.title='run'">
    <script>document.title = 'run'</script><rect width="40" height="40" fill="teal"/></svg>`
  await drop(bob.page, 'drawing.svg', 'image/svg+xml', Buffer.from(svg))
  await Promise.all([shows(ann.page, 7), shows(bob.page, 7)])
  for (const { page } of [ann, bob]) expect(await page.title()).not.toBe('run')
})

test('what is drawn without a connection is kept, and joins the rest when it is back', async () => {
  await bob.context.setOffline(true)
  await bob.page.locator('[data-testid=save-state]:not([data-kind=saved])').waitFor({ timeout: 60_000 })
  await take(bob.page, 'd')
  await drag(bob.page, [760, 320], [860, 400])
  await shows(bob.page, 8)
  await take(ann.page, 'o')
  await drag(ann.page, [760, 120], [860, 200])
  await shows(ann.page, 8)
  await bob.context.setOffline(false)
  await Promise.all([shows(ann.page, 9), shows(bob.page, 9)])
  await steps.saved(bob.page)
})

test('a reload, and a restart of everything, keep it all', async () => {
  await steps.saved(ann.page)
  const before = await stored(ann.page)
  await platform.restart()
  await Promise.all([open(ann.page), open(bob.page)])
  await Promise.all([shows(ann.page, 9), shows(bob.page, 9)])
  expect(await stored(bob.page)).toEqual(before)
})

test('pictures of it can be downloaded: PNG and SVG, named by the title', async () => {
  const png = await exported(ann.page, 'PNG image')
  expect(png.name).toBe('Map of the island.png')
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
  const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]
  expect(Math.min(width, height)).toBeGreaterThan(300)
  // The corner is light, whatever the theme is.
  expect(firstPixel(png.bytes)).toEqual([255, 255, 255])
  const svg = await exported(ann.page, 'SVG drawing')
  expect(svg.name).toBe('Map of the island.svg')
  const text = svg.bytes.toString()
  expect(text).toContain('Here be dragons')
  expect(text).toContain('#e03131')
  // Its fonts are in it.
  expect(text).toContain('data:font/woff2;base64,')
  const root = await ann.page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.nodeName,
    text,
  )
  expect(root).toBe('svg')
})

test('on a telephone the tools are there, and nothing stands out of the page', async () => {
  await bob.page.setViewportSize({ width: 390, height: 780 })
  await bob.page.locator('.App-toolbar--mobile').waitFor()
  const width = await bob.page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(390)
  await shows(bob.page, 9)
})

test('an image that cannot be sent waits on the device, past a reload as well, and is there once when it can', async () => {
  const files = /\/documents\/[^/]+\/files$/
  await ann.context.route(files, (route) => route.abort())
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="gold"/></svg>'
  await drop(ann.page, 'late.svg', 'image/svg+xml', Buffer.from(svg))
  await shows(ann.page, 10)
  const note = ann.page.getByTestId('images-waiting').getByText('It is kept on this device.')
  await note.waitFor()
  // The browser would ask if anything could be lost.
  await open(ann.page)
  await shows(ann.page, 10)
  await note.waitFor()
  await shows(bob.page, 9)
  await ann.context.unroute(files)
  await shows(bob.page, 10)
  await ann.page.locator('[data-testid=canvas][data-waiting="0"]').waitFor({ timeout: 60_000 })
  expect((await stored(bob.page)).filter(({ type }) => type === 'image')).toHaveLength(3)
  await open(ann.page)
  await shows(ann.page, 10)
})

test('no page asked another origin for anything, and none failed', () => {
  expect(elsewhere).toEqual([])
  expect([...ann.errors, ...bob.errors]).toEqual([])
})

/** A small PNG of one colour. */
const pixels = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR42mNQmLAAD2IYlcaGAEuXg0HKNj5CAAAAAElFTkSuQmCC',
  'base64',
)

/** Drops a file on the stage, as the file manager of a desktop does. */
async function drop(page: Page, name: string, type: string, bytes: Buffer): Promise<void> {
  const [clientX, clientY] = await at(page, 620, 330)
  await page.evaluate(
    ({ name, type, base64, clientX, clientY }) => {
      const dataTransfer = new DataTransfer()
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      dataTransfer.items.add(new File([bytes], name, { type }))
      const event = new DragEvent('drop', { dataTransfer, clientX, clientY, bubbles: true, cancelable: true })
      document.elementFromPoint(clientX, clientY)?.dispatchEvent(event)
    },
    { name, type, base64: bytes.toString('base64'), clientX, clientY },
  )
}

/** The colour of the first pixel of a PNG of 8 bits a channel. */
function firstPixel(png: Buffer): number[] {
  const data: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.subarray(at + 4, at + 8).toString() === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  // A filter byte first, which says nothing of the first pixel of the first row.
  return [...inflateSync(Buffer.concat(data)).subarray(1, 4)]
}

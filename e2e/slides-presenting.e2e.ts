import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, organizationApi } from '@realtime/contracts'
import {
  addElements,
  addSlide,
  deleteSlides,
  readDeck,
  richText,
  setHidden,
  setTheme,
  slideMap,
} from '@realtime/resources'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as Y from 'yjs'
import { findOffice } from '../tools/office.mjs'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { callerOf, makeDeck, showsSlide } from './browser/decks.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { startSupervised } from './platform/supervised.ts'

let platform: Platform
let browser: Browser
let ann: Window
let bob: Window
let deck: string
let folder: string

/** Four slides to see, and a hidden one before the last. */
function write(doc: Y.Doc): void {
  const before = readDeck(doc).slides.map((slide) => slide.id)
  setTheme(doc, 'harbor')
  let after: string | null = null
  for (const [title, notes] of [
    ['Opening', 'Say hello to everybody'],
    ['Numbers', 'Two minutes'],
    ['Middle', ''],
    ['Secret', 'Never shown'],
    ['Ending', 'Thank them'],
  ] as const) {
    after = addSlide(doc, { layout: 'title-body', after })
    const slide = slideMap(doc, after)
    const elements = slide?.get('elements') as Y.Map<Y.Map<unknown>>
    for (const box of elements.values())
      box.set('text', richText(box.get('role') === 'title' ? title : `About ${title.toLowerCase()}`))
    slide?.set('notes', richText(notes))
    if (title === 'Secret') setHidden(doc, [after], true)
  }
  const [first] = readDeck(doc).slides.filter((slide) => !before.includes(slide.id))
  const square = { type: 'shape' as const, form: 'rectangle', x: 700, y: 380, width: 160, height: 100, rotation: 0 }
  if (first) addElements(doc, first.id, [{ ...square, fill: '#d9482b', stroke: null, opacity: 1, text: 'Square' }])
  deleteSlides(doc, before)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'realtime-slides-'))
  browser = await startBrowser()
  platform = await startSupervised()
  ann = await openWindow(browser)
  bob = await openWindow(browser)
  await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
  deck = await makeDeck(ann.page, 'Plans', write)
  await ann.page.goto(`${platform.url}/d/${deck}`)
  await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
  await bob.page.goto(`${platform.url}/d/${deck}`)
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const showOf = (page: Page) => page.locator('[data-show]')

test('Ann presents from the editor; Bob is told, and follows her from slide to slide', async () => {
  await ann.page.getByRole('button', { name: 'Present', exact: true }).click()
  await showsSlide(ann.page, 1)
  await showOf(ann.page).getByText('Opening', { exact: true }).waitFor()
  await bob.page.getByTestId('presenting-now').getByText('Ann Example is presenting').waitFor()
  await bob.page.getByRole('button', { name: 'Follow Ann Example' }).click()
  await bob.page.getByText('Following Ann Example').waitFor()
  await showsSlide(bob.page, 1)
  await ann.page.getByTestId('followers').getByText('1').waitFor()
  await ann.page.keyboard.press('ArrowRight')
  await showsSlide(bob.page, 2)
  await showOf(bob.page).getByText('Numbers', { exact: true }).waitFor()
  await ann.page.keyboard.press('b')
  await bob.page.getByTestId('black').waitFor()
  await ann.page.keyboard.press('.')
  await bob.page.getByTestId('black').waitFor({ state: 'detached' })
  // Hidden slides are passed over: the fourth is the last.
  await ann.page.keyboard.press('End')
  await showsSlide(bob.page, 4)
  await showOf(bob.page).getByText('Ending', { exact: true }).waitFor()
})

test('Bob turns pages by himself, and returns to Ann', async () => {
  await bob.page.keyboard.press('PageUp')
  await showsSlide(bob.page, 3)
  await ann.page.getByTestId('followers').waitFor({ state: 'detached' })
  await ann.page.keyboard.type('2')
  await ann.page.keyboard.press('Enter')
  await showsSlide(ann.page, 2)
  await showsSlide(bob.page, 3)
  await bob.page.getByRole('button', { name: 'Return to presenter' }).click()
  await showsSlide(bob.page, 2)
  await ann.page.getByTestId('followers').waitFor()
})

test('the presenter window shows notes, what is next and the time, and drives the show', async () => {
  const opening = ann.page.waitForEvent('popup')
  await ann.page.keyboard.press('s')
  const desk = await opening
  await desk.getByTestId('counter').getByText('2 / 4').waitFor()
  await desk.getByTestId('notes').getByText('Two minutes').waitFor()
  await desk.getByTestId('next-slide').getByText('Middle', { exact: true }).waitFor()
  expect(await desk.getByTestId('clock').textContent()).toMatch(/\d\d:\d\d/)
  await desk
    .getByTestId('elapsed')
    .getByText(/^0:0[1-9]$/)
    .waitFor()
  await desk.getByTestId('following-count').getByText('1 following').waitFor()

  await desk.keyboard.press('PageUp')
  await showsSlide(ann.page, 1)
  await showsSlide(bob.page, 1)
  await desk.getByTestId('notes').getByText('Say hello to everybody').waitFor()
  await ann.page.keyboard.press('Space')
  await desk.getByTestId('counter').getByText('2 / 4').waitFor()

  // Either may be loaded anew.
  await desk.reload()
  await desk.getByTestId('counter').getByText('2 / 4').waitFor()
  await ann.page.reload()
  await showsSlide(ann.page, 2)
  await desk.getByRole('button', { name: 'Next', exact: true }).click()
  await showsSlide(ann.page, 3)
  await showsSlide(bob.page, 3)
  await desk.close()
})

test('a guest, who may only read, follows too; her own show is told to nobody', async () => {
  const caller = callerOf(ann.page)
  const { id } = await call(caller, organizationApi.ensurePersonal, {})
  const { url } = await call(caller, organizationApi.invite, { params: { id }, body: { role: 'guest' } })
  const cara = await openWindow(browser)
  await steps.joinByLink(cara.page, url, 'Cara Example')
  await cara.page.goto(`${platform.url}/d/${deck}`)
  await cara.page.getByRole('button', { name: 'Follow Ann Example' }).click()
  await showsSlide(cara.page, 3)
  await ann.page.getByTestId('followers').getByText('2').waitFor()
  await cara.page.goto(`${platform.url}/present/${deck}`)
  await showsSlide(cara.page, 1)
  // Whoever presents is not offered to follow.
  await cara.page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
  await ann.page.getByTestId('followers').getByText('1').waitFor()
  expect(cara.errors).toEqual([])
  await cara.context.close()
})

test('Ann goes on without a connection, and Bob follows again when it is back', async () => {
  await ann.context.setOffline(true)
  await bob.page.getByText('Ann Example has stopped presenting').waitFor({ timeout: 60_000 })
  await ann.page.keyboard.press('Home')
  await showsSlide(ann.page, 1)
  await showsSlide(bob.page, 3)
  await ann.context.setOffline(false)
  await bob.page.getByText('Following Ann Example').waitFor({ timeout: 60_000 })
  await showsSlide(bob.page, 1)
})

test('Bob is told when Ann leaves', async () => {
  await ann.page.keyboard.press('Escape')
  // The first Escape leaves the full screen, if the browser gave it.
  if (new URL(ann.page.url()).pathname.startsWith('/present')) await ann.page.keyboard.press('Escape')
  await ann.page.waitForURL(`**/d/${deck}*`)
  await bob.page.getByText('Ann Example has stopped presenting').waitFor()
  await showsSlide(bob.page, 1)
  await bob.page.getByRole('button', { name: 'Leave', exact: true }).click()
  await bob.page.waitForURL(`**/d/${deck}*`)
})

test('the PowerPoint file opens in LibreOffice, with a page for each slide to see', async () => {
  const soffice = findOffice()
  if (!soffice) throw new Error('LibreOffice is missing: `npm test` installs it or says how.')
  await ann.page.getByRole('button', { name: 'Export' }).click()
  const downloading = ann.page.waitForEvent('download')
  await ann.page.getByRole('menuitem', { name: 'PowerPoint' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('Plans.pptx')
  await download.saveAs(join(folder, 'Plans.pptx'))
  const profile = `-env:UserInstallation=file://${folder}/profile`
  execFileSync(soffice, [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, join(folder, 'Plans.pptx')])
  const { pages, size, text } = lookAt(join(folder, 'Plans.pdf'))
  expect({ pages, size }).toEqual({ pages: 4, size: [720, 405] })
  expect(text).toContain('Opening')
  expect(text).not.toContain('Secret')
})

test('the pages for printing are as many, of the size of the stage', async () => {
  const page = await ann.context.newPage()
  // The dialog would wait for somebody.
  await page.addInitScript(() => {
    window.print = () => document.body.setAttribute('data-printed', '')
  })
  await page.goto(`${platform.url}/present/${deck}/print`)
  await page.locator('body[data-printed]').waitFor()
  const file = join(folder, 'print.pdf')
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true }))
  await page.close()
  const { pages, size, text } = lookAt(file)
  expect({ pages, size }).toEqual({ pages: 4, size: [720, 405] })
  expect(text).toMatch(/Opening[\s\S]*Numbers[\s\S]*Middle[\s\S]*Ending/)
  expect(text).not.toContain('Secret')
  expect([...ann.errors, ...bob.errors]).toEqual([])
})

/** What a PDF holds: its pages, their size in points, its text. */
function lookAt(file: string): { pages: number; size: number[]; text: string } {
  const about = execFileSync('pdfinfo', [file], { encoding: 'utf8' })
  const size = /^Page size:\s+([\d.]+) x ([\d.]+)/m.exec(about)
  return {
    pages: Number(/^Pages:\s+(\d+)$/m.exec(about)?.[1]),
    size: [Math.round(Number(size?.[1])), Math.round(Number(size?.[2]))],
    text: execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }),
  }
}

import { eventually } from '@realtime/kit/testing'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { ways } from './platform/ways.ts'

const panel = (page: Page): Locator => page.getByTestId('comments')
const thread = (page: Page, words: string): Locator => panel(page).getByTestId('thread').filter({ hasText: words })

/** Selects words of the document on the page by its keyboard and its pointer, as far as those know words: by a range. */
async function select(page: Page, words: string): Promise<void> {
  await steps.editor(page).evaluate((editor, words) => {
    const texts = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const at = (text.textContent ?? '').indexOf(words)
      if (at < 0) continue
      if (editor instanceof HTMLElement) editor.focus()
      getSelection()?.setBaseAndExtent(text, at, text, at + words.length)
      return
    }
    throw new Error(`There is no “${words}”`)
  }, words)
}

/** Waits until these words are highlighted in the document on the page, and no others. */
async function highlights(page: Page, words: string[]): Promise<void> {
  const marks = steps.editor(page).locator('.comment-mark')
  await eventually(async () => {
    expect(await marks.evaluateAll((all) => all.map((one) => one.textContent))).toEqual(words)
    return true
  })
}

/** Makes a link to Ann's document. @returns its address */
async function shareLink(page: Page, level: 'Can comment' | 'Can view'): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: /^Share/ })
  await dialog.getByRole('button', { name: /^(Create a|Another) link/ }).click()
  await dialog.getByRole('combobox', { name: 'What visitors may do' }).click()
  await page.getByRole('option', { name: level }).click()
  const made = page.waitForResponse((one) => one.request().method() === 'POST' && one.url().endsWith('/links'))
  await dialog.getByRole('button', { name: 'Create link', exact: true }).click()
  const { url } = (await (await made).json()) as { url: string }
  await dialog.getByTestId('share-link').first().waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  return url
}

const [first] = ways
describe.each(first ? [first] : [])('%s', (_name, start) => {
  let platform: Platform
  let browser: Browser
  let ann: Window
  let bob: Window
  let vera: Window

  beforeAll(async () => {
    browser = await startBrowser()
    platform = await start()
    ann = await openWindow(browser)
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    await steps.createDocument(ann.page, 'Offer')
    await steps.editor(ann.page).click()
    await ann.page.keyboard.type('We offer ten pieces for a hundred.')
    await steps.saved(ann.page)
    bob = await openWindow(browser)
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
    vera = await openWindow(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  test('words of the text are commented on, and somebody is mentioned', async () => {
    const { page } = ann
    await select(page, 'ten pieces')
    await page.getByRole('toolbar').getByRole('button', { name: 'Comment', exact: true }).click()
    await panel(page).getByTestId('draft-quote').getByText('ten pieces').waitFor()
    const field = panel(page).getByRole('textbox', { name: 'Comment on the text' })
    await eventually(() => field.evaluate((element) => element === document.activeElement))
    await page.keyboard.type('Is this enough, @bo')
    await panel(page).getByRole('option', { name: 'Bob Example' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('?')
    expect(await field.inputValue()).toBe('Is this enough, @Bob Example ?')
    await page.keyboard.press('Control+Enter')
    await thread(page, 'Is this enough').getByTestId('mention').getByText('@Bob Example').waitFor()
    expect(await field.count()).toBe(0)
    await page.getByRole('button', { name: 'Comments, 1 open' }).waitFor()
    await highlights(page, ['ten pieces'])
  })

  test('whoever is mentioned is led to it by their inbox, and answers; the other sees it at once', async () => {
    const { page } = bob
    await page.getByTestId('unread').getByText('1 unread').waitFor()
    // Whoever has just looked at the document is led to the thread all the same, though all of it is there already.
    await page.getByRole('link', { name: 'Offer' }).first().click()
    await steps.reads(page, (text) => text.startsWith('We offer'))
    await page.getByRole('button', { name: 'Comments, 1 open' }).waitFor()
    await page.getByRole('link', { name: /Inbox/ }).click()
    await page
      .getByTestId('notification')
      .getByRole('link', { name: /Ann Example mentioned you in .*Offer.*Is this enough/ })
      .click()
    await page.waitForURL('**/d/*?thread=*')
    const asked = thread(page, 'Is this enough')
    await asked.getByTestId('quote').getByText('ten pieces').waitFor()
    await asked.and(page.locator('[aria-current=true]')).waitFor()
    await thread(page, 'Is this enough').getByRole('textbox', { name: 'Answer' }).fill('Twenty would be better')
    await thread(page, 'Is this enough').getByRole('button', { name: 'Answer', exact: true }).click()
    await thread(ann.page, 'Is this enough').getByText('Twenty would be better').waitFor()
    await eventually(async () => (await page.getByTestId('unread').count()) === 0)
  })

  test('what is commented on stays the same words, whatever is written before it', async () => {
    await steps.caretTo(bob.page, 'start')
    await bob.page.keyboard.type('Dear Sir, ')
    await steps.reads(ann.page, (text) => text === 'Dear Sir, We offer ten pieces for a hundred.')
    await highlights(ann.page, ['ten pieces'])
    await highlights(bob.page, ['ten pieces'])
    await ann.page.getByRole('button', { name: 'Close comments' }).click()
    await steps.editor(ann.page).locator('.comment-mark').click()
    await thread(ann.page, 'Is this enough').and(ann.page.locator('[aria-current=true]')).waitFor()
  })

  test('a thread is resolved for everybody, and opened again', async () => {
    await thread(ann.page, 'Is this enough').getByRole('button', { name: 'Resolve the thread' }).click()
    await panel(ann.page).getByText('No open comments').waitFor()
    await highlights(ann.page, [])
    await panel(bob.page).getByRole('button', { name: 'Resolved' }).click()
    const resolved = thread(bob.page, 'Is this enough')
    await resolved.getByText('Resolved by Ann Example').waitFor()
    await resolved.getByRole('button', { name: 'Open the thread again' }).click()
    await thread(ann.page, 'Is this enough').waitFor()
    await highlights(ann.page, ['ten pieces'])
  })

  test('what cannot be sent stays in the field', async () => {
    const { page } = ann
    await page.keyboard.press('Control+Alt+M')
    const field = panel(page).getByRole('textbox', { name: 'Comment on the whole document' })
    await field.fill('Not to be lost')
    await page.route('**/documents/*/comments', (route) => route.abort())
    await field.press('Control+Enter')
    await panel(page)
      .getByRole('alert')
      .getByText(/Not sent/)
      .waitFor()
    expect(await field.inputValue()).toBe('Not to be lost')
    await page.getByRole('button', { name: 'Close comments' }).click()
    await page.unroute('**/documents/*/comments')
    await page.getByRole('link', { name: /Inbox/ }).click()
    await page.waitForURL('**/inbox')
    await page.getByRole('link', { name: 'Offer' }).first().click()
    await steps.reads(page, (text) => text.startsWith('Dear Sir'))
    await page.getByRole('button', { name: /^Comments/ }).click()
    expect(await field.inputValue()).toBe('Not to be lost')
    await field.press('Control+Enter')
    await thread(page, 'Not to be lost').getByText('About the whole document').waitFor()
  })

  test('a thread is answered by one click while another is being answered', async () => {
    const { page } = ann
    const [one, other] = [thread(page, 'Is this enough'), thread(page, 'Not to be lost')]
    await one.getByTestId('quote').click()
    await one.getByRole('textbox', { name: 'Answer' }).click()
    await other.getByRole('button', { name: 'Answer', exact: true }).click()
    await page.keyboard.type('At once')
    expect(await other.getByRole('textbox', { name: 'Answer' }).inputValue()).toBe('At once')
    await page.keyboard.press('Control+Enter')
    await other.getByTestId('comment').getByText('At once').waitFor()
    // A click of a person takes its time, and what it is on must not move away meanwhile.
    await one.getByTestId('quote').click()
    await one.getByRole('textbox', { name: 'Answer' }).click()
    await other.getByRole('button', { name: 'Resolve the thread' }).click({ delay: 200 })
    await other.waitFor({ state: 'detached' })
    await one.waitFor()
  })

  test('a visitor comments by a link, under their name, on words they may not change', async () => {
    const { page } = vera
    await page.goto(await shareLink(ann.page, 'Can comment'))
    await page.getByRole('textbox', { name: 'Your name' }).fill('Vera Visitor')
    await page.getByRole('button', { name: 'Open document' }).click()
    await page.locator('[data-testid=editor][contenteditable=false]').waitFor()
    await steps.reads(page, (text) => text.startsWith('Dear Sir'))
    await highlights(page, ['ten pieces'])
    await select(page, 'a hundred')
    await page.getByRole('toolbar').getByRole('button', { name: 'Comment', exact: true }).click()
    await panel(page).getByRole('textbox', { name: 'Comment on the text' }).fill('Too much')
    await panel(page).getByRole('button', { name: 'Comment', exact: true }).click()
    await highlights(page, ['ten pieces', 'a hundred'])
    await thread(ann.page, 'Too much').getByText('Vera Visitor', { exact: true }).waitFor()
    await thread(ann.page, 'Too much').getByText('Visitor', { exact: true }).waitFor()
    await highlights(ann.page, ['ten pieces', 'a hundred'])
    const words = panel(ann.page).getByTestId('quote')
    expect(await words.evaluateAll((all) => all.map((one) => one.textContent))).toEqual(['ten pieces', 'a hundred'])
  })

  test('with the first comment goes the thread; who only looks sees none', async () => {
    await thread(ann.page, 'Too much').hover()
    await ann.page.getByRole('button', { name: 'Options of the comment by Vera Visitor' }).click()
    await ann.page.getByRole('menuitem', { name: 'Delete' }).click()
    await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await thread(ann.page, 'Too much').waitFor({ state: 'detached' })
    await highlights(ann.page, ['ten pieces'])

    const { page, context, errors } = await openWindow(browser)
    await page.goto(await shareLink(ann.page, 'Can view'))
    await steps.reads(page, (text) => text.startsWith('Dear Sir'))
    await steps.saved(page)
    expect(await page.getByRole('button', { name: /Comments/ }).count()).toBe(0)
    await highlights(page, [])
    expect([...ann.errors, ...bob.errors, ...vera.errors, ...errors]).toEqual([])
    await context.close()
  })
})

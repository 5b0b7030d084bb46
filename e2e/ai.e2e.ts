import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { aiApi, call, documentApi, organizationApi, problemFrom } from '@realtime/contracts'
import { readEvents } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { type Person, setUp } from '@realtime/platform/person'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import { callerOf } from './browser/caller.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { freePort } from './platform/ports.ts'
import { root, type Spawned, spawnProgram } from './platform/process.ts'
import { startSupervised } from './platform/supervised.ts'

const ask = (person: Person, documentId: string, signal?: AbortSignal) =>
  call(person.caller, aiApi.generate, { body: { documentId, action: 'continue' } }, signal ? { signal } : {})

const panel = (page: Page): Locator => page.getByRole('dialog', { name: 'AI' })
const answer = (page: Page): Locator => panel(page).getByRole('region', { name: 'Answer of AI' })
const press = (page: Page, name: string): Promise<void> => panel(page).getByRole('button', { name }).click()

/** Chooses the text from the caret on, by keys. */
async function select(page: Page, letters: number): Promise<void> {
  await steps.caretTo(page, 'start')
  for (let letter = 0; letter < letters; letter++) await page.keyboard.press('Shift+ArrowRight')
  await page.getByRole('button', { name: 'Ask AI' }).click()
  await panel(page).getByRole('combobox', { name: 'Ask AI' }).waitFor()
}

describe('without', () => {
  let platform: Platform | undefined
  let browser: Browser | undefined
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  test('Python everything else works, and AI says how to switch it on', async () => {
    platform = await startSupervised({ AI_PYTHON: 'off' })
    const ann = await setUp(platform.setupLink, 'Ann')
    const problem = await ask(ann, 'any').catch((error: unknown) => error)
    expect(problem).toMatchObject({ key: 'ai-unavailable', status: 503, message: expect.stringMatching(/Python/) })
    await platform.stop()
  })

  test('a key the panel says how to set one, and a space is a space', async () => {
    platform = await startSupervised()
    const ann = await setUp(platform.setupLink, 'Ann')
    const problem = await ask(ann, 'any').catch((error: unknown) => error)
    expect(problem).toMatchObject({ key: 'ai-unavailable', message: expect.stringMatching(/GEMINI_API_KEY/) })

    browser = await startBrowser()
    const { page } = await openWindow(browser)
    await steps.signIn(page, platform.url, 'Ann')
    await steps.createDocument(page, 'Plans')
    await steps.editor(page).click()
    await page.keyboard.type(' a')
    await steps.reads(page, (text) => text === ' a')
    await page.keyboard.type(' /ask')
    await page.getByRole('option', { name: 'Ask AI…' }).click()
    await panel(page).getByText('AI is not switched on').waitFor()
    await panel(page).getByText('GEMINI_API_KEY=…').waitFor()
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'detached' })
    await page.keyboard.type('b')
    await steps.reads(page, (text) => text === ' a b')
  })
})

describe('with a key', () => {
  let platform: Platform
  let gemini: Spawned
  let browser: Browser
  let ann: Window
  let bob: Window
  let fake: string

  /** Decides the next answer of the fake Gemini. */
  const script = async (given: object) => {
    expect((await fetch(`${fake}/script`, { method: 'POST', body: JSON.stringify(given) })).status).toBe(204)
  }
  const calls = async () =>
    (await (await fetch(`${fake}/calls`)).json()) as { aborted_at: number | null; sent: number; body: unknown }[]

  /** A new document with a text, open in both windows. */
  async function open(title: string, text: string): Promise<void> {
    await ann.page.goto(`${platform.url}/home`)
    const address = await steps.createDocument(ann.page, title)
    await steps.editor(ann.page).click()
    await ann.page.keyboard.type(text)
    await steps.saved(ann.page)
    await bob.page.goto(address)
    await steps.editable(bob.page)
    await bothRead(text)
  }
  async function bothRead(text: string): Promise<void> {
    await steps.reads(ann.page, (now) => now === text)
    await steps.reads(bob.page, (now) => now === text)
  }

  beforeAll(async () => {
    const folder = join(root, 'services/ai')
    const python = join(folder, '.venv/bin/python')
    expect(existsSync(python)).toBe(true)
    const port = await freePort()
    fake = `http://127.0.0.1:${port}`
    gemini = spawnProgram(python, ['-m', 'tests.fake_gemini', String(port)], {}, folder)
    await eventually(calls, 20_000)
    platform = await startSupervised({ GEMINI_API_KEY: 'test', GEMINI_BASE_URL: fake })
    browser = await startBrowser()
    ann = await openWindow(browser)
    bob = await openWindow(browser)
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    await steps.createDocument(ann.page, 'Empty')
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
    await gemini?.end('SIGTERM')
  })

  test('a selection is improved while somebody types beside it: private until accepted, one step to undo', async () => {
    await open('Improve', 'The plan are good. It stays.')
    await script({ text: 'The plan **is** good.', pause: 0.6 })
    await select(ann.page, 18)
    await ann.page.getByRole('option', { name: 'Improve writing' }).click()
    await answer(ann.page).waitFor()
    await steps.caretTo(bob.page, 'end')
    await bob.page.keyboard.type(' Bob.')
    await panel(ann.page).getByRole('button', { name: 'Replace selection' }).waitFor()
    expect(await answer(ann.page).textContent()).toBe('The plan is good.')
    await bothRead('The plan are good. It stays. Bob.')
    expect(await bob.page.getByText('The plan is good').count()).toBe(0)

    await press(ann.page, 'Replace selection')
    await bothRead('The plan is good. It stays. Bob.')
    expect(await steps.editor(bob.page).locator('strong').textContent()).toBe('is')
    await ann.page.keyboard.press('Control+z')
    await bothRead('The plan are good. It stays. Bob.')
    await ann.page.keyboard.press('Control+Shift+z')
    await bothRead('The plan is good. It stays. Bob.')

    const { body } = (await calls()).at(-1) ?? {}
    expect(JSON.stringify(body)).toContain('The plan are good.')
    expect(JSON.stringify(body)).toContain('It stays.')
    expect(JSON.stringify(body)).toContain('improve the writing')
  })

  test('what somebody types into the selection meanwhile is told of and kept', async () => {
    await open('Keep', 'One two three.')
    await script({ text: 'New words.' })
    await select(ann.page, 14)
    await ann.page.getByRole('option', { name: 'Make shorter' }).click()
    await panel(ann.page).getByRole('button', { name: 'Replace selection' }).waitFor()
    await steps.caretTo(bob.page, 'start')
    for (let letter = 0; letter < 4; letter++) await bob.page.keyboard.press('ArrowRight')
    await bob.page.keyboard.type('BOB ')
    await bothRead('One BOB two three.')
    await panel(ann.page).getByText('Somebody changed this text meanwhile').waitFor()
    await press(ann.page, 'Replace selection')
    await bothRead('New words. BOB ')
    await ann.page.keyboard.press('Control+z')
    await bothRead('One BOB two three.')
  })

  test('on an empty line by Space: stopped, changed on request, discarded; nothing of it is left', async () => {
    await open('Space', 'First line.')
    await steps.caretTo(ann.page, 'end')
    await ann.page.keyboard.press('Enter')
    await ann.page.keyboard.press('Space')
    await script({ knob: 'slow' })
    await ann.page.keyboard.type('Write a toast')
    await ann.page.keyboard.press('Enter')
    await answer(ann.page).waitFor()
    await press(ann.page, 'Stop')
    await panel(ann.page).getByRole('button', { name: 'Insert' }).waitFor()
    await eventually(async () => (await calls()).at(-1)?.aborted_at !== null, 5_000)
    await script({ text: '# Toast\n\nTo all of us!' })
    await panel(ann.page).getByRole('textbox', { name: 'Tell AI what to change' }).fill('Shorter')
    await ann.page.keyboard.press('Enter')
    await answer(ann.page).getByText('To all of us!').waitFor()
    await panel(ann.page).getByRole('button', { name: 'Insert' }).waitFor()
    await ann.page.keyboard.press('Escape')
    await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click()
    await panel(ann.page).waitFor({ state: 'detached' })
    await bothRead('First line.\n')

    await ann.page.keyboard.press('Space')
    await script({ text: '# Toast\n\nTo all of us!' })
    await ann.page.keyboard.type('Again')
    await ann.page.keyboard.press('Enter')
    await press(ann.page, 'Insert')
    await bothRead('First line.\nToast\nTo all of us!')
    await ann.page.keyboard.press('Control+z')
    await bothRead('First line.\n')
  })

  test('a cut answer says so, and what is there can be inserted', async () => {
    await open('Cut', 'First line.')
    await steps.caretTo(ann.page, 'end')
    await script({ knob: 'cut' })
    await ann.page.keyboard.press('Control+j')
    await ann.page.getByRole('option', { name: 'Continue writing' }).click()
    await panel(ann.page).getByText('Cut off: the connection was lost').waitFor()
    await press(ann.page, 'Insert')
    await bothRead('First line.\nHalf of what was to')
    await script({ knob: 'length' })
    await ann.page.keyboard.press('Control+j')
    await ann.page.getByRole('option', { name: 'Continue writing' }).click()
    await panel(ann.page).getByText('reached its greatest length').waitFor()
    await script({ knob: 'error' })
    await press(ann.page, 'Try again')
    await panel(ann.page).getByText('The model could not answer').waitFor()
    await ann.page.keyboard.press('Escape')
    await panel(ann.page).waitFor({ state: 'detached' })
  })

  test('an answer that would reach out is inert, seen and accepted', async () => {
    await open('Garbage', 'First line.')
    const outside: string[] = []
    ann.page.on('request', (request) => {
      if (!request.url().startsWith(platform.url)) outside.push(request.url())
    })
    await steps.caretTo(ann.page, 'end')
    await script({ knob: 'garbage' })
    await ann.page.keyboard.press('Control+j')
    await ann.page.getByRole('option', { name: 'Continue writing' }).click()
    await panel(ann.page).getByRole('button', { name: 'Insert' }).waitFor()
    await answer(ann.page).getByText('https://evil.example/p.png?q=secret').first().waitFor()
    expect(await answer(ann.page).locator('a, img, script, iframe').count()).toBe(0)
    await press(ann.page, 'Insert')
    await steps.reads(bob.page, (text) => text.includes('evil.example/p.png'))
    expect(await steps.editor(ann.page).locator('img, script, iframe, a[href^="javascript"]').count()).toBe(0)
    expect(await ann.page.title()).toContain('Garbage')
    expect(outside).toEqual([])
  })

  test('an answer ends at Gemini within a second of the reader leaving, and only readers get one', async () => {
    const person = callerOf(ann.page)
    const { organizations } = await call(person, organizationApi.list, {})
    const query = { organization: organizations[0]?.id ?? '' }
    const { documents } = await call(person, documentApi.documents, { query })
    const documentId = documents[0]?.id ?? ''
    const body = { documentId, action: 'continue' as const }
    const texts: string[] = []
    for await (const { event, data } of readEvents(await call(person, aiApi.generate, { body }))) {
      if (event === 'delta') texts.push((JSON.parse(data) as { text: string }).text)
      expect(event === 'problem' ? problemFrom(JSON.parse(data)) : null).toBeNull()
    }
    expect(texts.length).toBeGreaterThan(1)
    expect(texts.join('')).toBe('Words from a fake Gemini.')

    await script({ pause: 0.2 })
    const leaving = new AbortController()
    const events = readEvents(await call(person, aiApi.generate, { body }, { signal: leaving.signal }))
    await events.next()
    const left = performance.now()
    leaving.abort()
    await events.next().catch(() => undefined)
    await eventually(async () => (await calls()).at(-1)?.aborted_at !== null, 5_000)
    expect(performance.now() - left).toBeLessThan(1_000)

    const other = call(person, aiApi.generate, { body: { ...body, documentId: 'not-there' } })
    await expect(other).rejects.toMatchObject({ key: 'not-found' })
    expect([...ann.errors, ...bob.errors]).toEqual([])
  })
})

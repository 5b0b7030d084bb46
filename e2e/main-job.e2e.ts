import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { Platform } from './platform/platform.ts'
import { freePort } from './platform/ports.ts'
import { startSupervised } from './platform/supervised.ts'
import { ways } from './platform/ways.ts'

const LAN = 'team.example'

async function startLan(): Promise<Platform> {
  const port = String(await freePort())
  return startSupervised({ HOST: '0.0.0.0', PORT: port, PUBLIC_URL: `http://${LAN}:${port}` })
}

const places: [string, () => Promise<Platform>, string[]][] = [
  ...ways.map(([name, start]): [string, () => Promise<Platform>, string[]] => [name, start, []]),
  ['a LAN address over plain http', startLan, [LAN]],
]

describe.each(places)('%s', (_name, start, hosts) => {
  let platform: Platform
  let browser: Browser
  let ann: Window
  let bob: Window
  let address: string

  beforeAll(async () => {
    browser = await startBrowser(hosts)
    platform = await start()
    ann = await openWindow(browser)
    bob = await openWindow(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  test('the first person sets the server up, and writes', async () => {
    await steps.createAdministrator(ann.page, platform.setupLink, 'Ann Example')
    address = await steps.createDocument(ann.page, 'Plans')
    await steps.editor(ann.page).click()
    await ann.page.keyboard.type('First line of Ann.')
    await steps.saved(ann.page)
  })

  test('a second person joins by the link from the first one’s screen, and both type at once', async () => {
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
    await bob.page.getByRole('link', { name: 'Plans' }).first().click()
    await steps.editable(bob.page)
    await steps.reads(bob.page, (text) => text === 'First line of Ann.')
    await steps.caretTo(bob.page, 'end')
    await bob.page.keyboard.press('Enter')
    await steps.caretTo(ann.page, 'start')
    await Promise.all([
      ann.page.keyboard.type('Ann was here. ', { delay: 15 }),
      bob.page.keyboard.type('Bob writes below.', { delay: 15 }),
    ])
    const whole = 'Ann was here. First line of Ann.\nBob writes below.'
    await steps.reads(ann.page, (text) => text === whole)
    await steps.reads(bob.page, (text) => text === whole)
  })

  test('each sees the other: avatar, and a named, coloured caret', async () => {
    await ann.page.getByTestId('presence').getByRole('button', { name: 'Bob Example' }).waitFor()
    await bob.page.getByTestId('presence').getByRole('button', { name: 'Ann Example' }).waitFor()
    const caret = steps.editor(ann.page).locator('[class*=caret]').filter({ hasText: 'Bob Example' }).first()
    await caret.waitFor({ state: 'attached' })
    const colour = await caret.evaluate((element) => {
      const style = getComputedStyle(element)
      return [style.borderLeftColor, style.borderColor, style.backgroundColor, element.getAttribute('style')].join(' ')
    })
    expect(colour).toMatch(/rgb|#/)
  })

  test('both begin at once in an empty document; no letter is lost, doubled or out of its order', async () => {
    await ann.page.goto(`${platform.url}/home`)
    const empty = await steps.createDocument(ann.page, 'Blank page')
    await bob.page.goto(empty)
    await steps.editable(bob.page)
    await Promise.all([steps.editor(ann.page).click(), steps.editor(bob.page).click()])
    await Promise.all([
      ann.page.keyboard.type('abcdefghijklm', { delay: 25 }),
      bob.page.keyboard.type('ABCDEFGHIJKLM', { delay: 25 }),
    ])
    await steps.reads(ann.page, (text) => text.length === 26)
    const text = await steps.written(ann.page)
    expect(text.replace(/[^a-z]/g, '')).toBe('abcdefghijklm')
    expect(text.replace(/[^A-Z]/g, '')).toBe('ABCDEFGHIJKLM')
    await steps.reads(bob.page, (other) => other === text)
    await Promise.all([ann.page.goto(address), bob.page.goto(address)])
    await Promise.all([steps.editable(ann.page), steps.editable(bob.page)])
  })

  test('a reload, and a restart of everything, keep every character', async () => {
    const whole = await steps.written(ann.page)
    await steps.saved(ann.page)
    await steps.saved(bob.page)
    await ann.page.reload()
    await steps.editable(ann.page)
    await steps.reads(ann.page, (text) => text === whole)
    await platform.restart()
    await steps.saved(ann.page)
    await steps.reads(bob.page, (text) => text === whole)
    await bob.page.goto(address)
    await steps.editable(bob.page)
    await steps.reads(bob.page, (text) => text === whole)
    expect([...ann.errors, ...bob.errors]).toEqual([])
  })
})

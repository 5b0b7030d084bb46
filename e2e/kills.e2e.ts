import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, startBrowser, type Window } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import type { PartName, Platform } from './platform/platform.ts'
import { ways } from './platform/ways.ts'

/** Types numbered words until it is told to stop. @returns a function that stops and gives all that was typed */
function typing(window: Window, letter: string, from: string): () => Promise<string> {
  let text = from
  let going = true
  const done = (async () => {
    for (let count = 0; going; count++) {
      const word = ` ${letter}${count}`
      await window.page.keyboard.type(word, { delay: 20 })
      text += word
    }
  })()
  return async () => {
    going = false
    await done
    return text
  }
}

describe.each(ways)('%s', (_name, start, supervised) => {
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
    await steps.createDocument(ann.page, 'Under fire')
    await steps.editor(ann.page).click()
    await ann.page.keyboard.type('A:')
    await ann.page.keyboard.press('Enter')
    await ann.page.keyboard.type('B:')
    await steps.saved(ann.page)
    await steps.joinByLink(bob.page, await steps.invitationLink(ann.page), 'Bob Example')
    await bob.page.getByRole('link', { name: 'Under fire' }).first().click()
    await steps.editable(bob.page)
    await steps.reads(bob.page, (text) => text === 'A:\nB:')
    // Bob writes at the end of the last line, Ann at the start of the first.
    await steps.caretTo(bob.page, 'end')
    await steps.caretTo(ann.page, 'start')
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.stop()
  })

  const lines = { ann: '', bob: 'B:' }
  const document = () => `${lines.ann}A:\n${lines.bob}`

  /** Both type while `work` happens and until both are saved again; then each must read every character of both. */
  async function typeThrough(work: () => Promise<void>): Promise<void> {
    const stopAnn = typing(ann, 'a', lines.ann)
    const stopBob = typing(bob, 'b', lines.bob)
    try {
      await ann.page.waitForTimeout(400)
      await work()
      await Promise.all(
        [ann, bob].map(({ page }) => page.locator('[data-kind=saved],[data-kind=saving]').waitFor({ timeout: 90_000 })),
      )
      await ann.page.waitForTimeout(400)
    } finally {
      lines.ann = await stopAnn()
      lines.bob = await stopBob()
    }
    await Promise.all([steps.saved(ann.page, 90_000), steps.saved(bob.page, 90_000)])
    const whole = document()
    await steps.reads(ann.page, (text) => text === whole)
    await steps.reads(bob.page, (text) => text === whole)
  }

  const parts: PartName[] = ['collaboration', 'document', 'gateway', 'postgres', 'auth', 'organization', 'web']
  const kill = (victim: PartName | 'supervisor') =>
    victim === 'supervisor' ? platform.killSupervisor?.() : platform.kill(victim)

  test.each<PartName | 'supervisor'>(supervised ? [...parts, 'supervisor'] : parts)(
    '%s is killed while both type; both go on, and not a character is missing',
    (victim) => typeThrough(async () => kill(victim)),
  )

  test('after all that, a restart and a new window show the same', async () => {
    await platform.restart()
    const again = await openWindow(browser)
    await steps.signIn(again.page, platform.url, 'Ann Example')
    await again.page.goto(ann.page.url())
    await steps.editable(again.page)
    await steps.reads(again.page, (text) => text === document())
    expect([...ann.errors, ...bob.errors, ...again.errors]).toEqual([])
  })
})

import type { Browser, Page } from 'playwright-core'
import { quantile } from '../report.ts'

/** Keys pressed one after the other, at the pace of somebody who types fast. */
const KEYS = 80
const PACE_MS = 90

/** Opens a page with an empty cache and counts what its scripts weigh on the wire until `ready`. */
export async function openCold(
  page: Page,
  address: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<{ ms: number; scriptBytes: number }> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const scripts = new Set<string>()
  let scriptBytes = 0
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scriptBytes += encodedDataLength
  })
  const began = performance.now()
  await page.goto(address, { waitUntil: 'commit' })
  await ready(page)
  const ms = performance.now() - began
  await session.detach()
  return { ms, scriptBytes }
}

/** Opens the page once more, with what the browser has kept. @returns milliseconds until `ready` */
export async function reopen(page: Page, ready: (page: Page) => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await page.reload({ waitUntil: 'commit' })
  await ready(page)
  return performance.now() - began
}

/** Presses keys where the focus is. @returns for each the milliseconds from the event to the end of the next frame */
export async function typeAndTime(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(globalThis, { times })
    addEventListener(
      'keydown',
      (event) => {
        // After the frame: the message comes once the browser has painted what the frame callbacks left.
        requestAnimationFrame(() => {
          const channel = new MessageChannel()
          channel.port1.onmessage = () => times.push(performance.now() - event.timeStamp)
          channel.port2.postMessage(null)
        })
      },
      { capture: true },
    )
  })
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press('abcdefghij '[key % 11] ?? 'a')
    await page.waitForTimeout(PACE_MS)
  }
  const times = await page.evaluate(() => (globalThis as unknown as { times: number[] }).times)
  // The first ones compile what the later ones run.
  return times.slice(10)
}

/** The median key of a page that has nothing but a text field. */
export async function bareTextarea(browser: Browser): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.setContent('<textarea autofocus></textarea>')
  await page.locator('textarea').click()
  const times = await typeAndTime(page)
  await context.close()
  return quantile(times, 0.5)
}

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findChromium } from '../../tools/chromium.mjs'

/** Starts Chromium, headless; `hosts` maps names to this machine, as a LAN's name server would. */
export async function startBrowser(hosts: string[] = []): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('Chromium is missing: `npm test` installs it or says how to.')
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(',')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(rules ? [`--host-resolver-rules=${rules}`] : []),
    ],
  })
}

/** A window of somebody, with what went wrong in it. */
export interface Window {
  context: BrowserContext
  page: Page
  /** Uncaught errors of the page. */
  errors: string[]
}

/** Opens a browser of one's own: cookies and storage are shared with nobody. */
export async function openWindow(browser: Browser): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => void errors.push(`${error.name}: ${error.message}`))
  page.setDefaultTimeout(30_000)
  return { context, page, errors }
}

import type { Caller } from '@realtime/contracts'
import type { Page } from 'playwright-core'

/** Calls as whoever is signed in on a page, past what the page itself does. */
export function callerOf(page: Page): Caller {
  const token = () =>
    page.evaluate(async () => ((await (await fetch('/auth/token')).json()) as { token: string }).token)
  return {
    baseUrl: new URL(page.url()).origin,
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
  }
}

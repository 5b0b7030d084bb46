import { call, documentApi, type Kind, kinds } from '@realtime/contracts'
import { openWindow, startBrowser } from '@realtime/e2e/browser'
import { worked } from '@realtime/e2e/kinds'
import { startSupervised } from '@realtime/e2e/platform'
import * as steps from '@realtime/e2e/steps'
import { eventually } from '@realtime/kit/testing'
import { type Person, setUp } from '@realtime/platform/person'
import type { Browser } from 'playwright-core'
import * as Y from 'yjs'
import { quantile, type Report } from '../report.ts'
import { kinds as measured } from './kinds.ts'
import { bareTextarea, openCold, reopen, typeAndTime } from './measure.ts'

const OPENINGS = 5

/**
 * How heavy each editor is in Chromium, on the production build: script bytes of a cold first load, the time until it
 * can be edited (cold, and with a warm cache), and from a key press to the frame that shows it, beside a bare
 * `<textarea>` in the same browser.
 */
export async function editors(): Promise<Report> {
  const platform = await startSupervised()
  const browser = await startBrowser()
  try {
    const person = await setUp(platform.setupLink, 'Ann Example')
    const state = await signIn(browser, platform.url)
    const bare = await bareTextarea(browser)
    const rows: Report['rows'] = []
    for (const kind of kinds) {
      for (const full of [false, true]) {
        const id = await make(person, kind, full)
        rows.push({
          name: `${kind}, ${full ? measured[kind].full : 'new'}`,
          figures: await measure(browser, state, `${platform.url}/d/${id}`, kind, bare),
        })
      }
    }
    return {
      title: 'Editors',
      note:
        'JS: kilobytes of scripts over the wire on a cold first load, until the editor can be edited. Opening: ms until then, ' +
        `median of ${OPENINGS}. Key: ms from a key press to the frame after it; ratio to a bare textarea (${bare.toFixed(1)} ms).`,
      columns: ['JS kB', 'open cold ms', 'open warm ms', 'key median ms', 'key p95 ms', 'key ÷ textarea'],
      rows,
    }
  } finally {
    await browser.close()
    await platform.stop()
  }
}

type StorageState = Awaited<ReturnType<Awaited<ReturnType<typeof openWindow>>['context']['storageState']>>

async function signIn(browser: Browser, url: string): Promise<StorageState> {
  const { page, context } = await openWindow(browser)
  await steps.signIn(page, url, 'Ann Example')
  const state = await context.storageState()
  await context.close()
  return state
}

/** Creates a resource, full or as new. @returns its id */
async function make(person: Person, kind: Kind, full: boolean): Promise<string> {
  const title = `${kind} ${full ? 'full' : 'new'}`
  const body = { projectId: person.projectId, kind, title }
  const { id } = await call(person.caller, documentApi.createDocument, { body })
  if (!full) return id
  const doc = new Y.Doc()
  const provider = person.open(id, doc)
  await eventually(() => provider.state.everSynced)
  measured[kind].fill(doc)
  await eventually(() => provider.state.pending === 0, 60_000)
  provider.destroy()
  doc.destroy()
  return id
}

async function measure(
  browser: Browser,
  state: StorageState,
  address: string,
  kind: Kind,
  bare: number,
): Promise<Record<string, number>> {
  const { ready } = worked[kind]
  const { focus } = measured[kind]
  const cold: number[] = []
  const warm: number[] = []
  let scripts = 0
  let keys: number[] = []
  for (let opening = 0; opening < OPENINGS; opening++) {
    const context = await browser.newContext({ storageState: state, viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    const first = await openCold(page, address, ready)
    cold.push(first.ms)
    scripts = first.scriptBytes
    warm.push(await reopen(page, ready))
    if (opening === OPENINGS - 1) {
      await focus(page)
      keys = await typeAndTime(page)
    }
    await context.close()
  }
  return {
    'JS kB': scripts / 1000,
    'open cold ms': quantile(cold, 0.5),
    'open warm ms': quantile(warm, 0.5),
    'key median ms': quantile(keys, 0.5),
    'key p95 ms': quantile(keys, 0.95),
    'key ÷ textarea': quantile(keys, 0.5) / bare,
  }
}

import { createProvider } from '@realtime/client'
import { type Caller, call, documentApi, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import type { Page } from 'playwright-core'
import * as Y from 'yjs'

/** Calls services as the person signed in on a page. */
export function callerOf(page: Page): Caller {
  return {
    baseUrl: new URL(page.url()).origin,
    headers: async () => ({ authorization: `Bearer ${await tokenOf(page)}` }),
  }
}

function tokenOf(page: Page): Promise<string> {
  return page.evaluate(async () => ((await (await fetch('/auth/token')).json()) as { token: string }).token)
}

/** Makes a deck for the person signed in on a page, as a client without an editor would. @returns its id */
export async function makeDeck(page: Page, title: string, write: (doc: Y.Doc) => void): Promise<string> {
  const caller = callerOf(page)
  const { id: organization } = await call(caller, organizationApi.ensurePersonal, {})
  const project = await call(caller, documentApi.ensureFirstProject, { query: { organization } })
  const body = { projectId: project.id, kind: 'slides', title } as const
  const { id } = await call(caller, documentApi.createDocument, { body })
  const doc = new Y.Doc()
  const provider = createProvider({ url: caller.baseUrl, documentId: id, epoch: null, doc, token: () => tokenOf(page) })
  try {
    await eventually(() => provider.state.everSynced, 30_000)
    doc.transact(() => write(doc))
    await eventually(() => provider.state.pending === 0, 30_000)
  } finally {
    provider.destroy()
    doc.destroy()
  }
  return id
}

/** The number of the slide that a show on a page shows. */
export async function showsSlide(page: Page, number: number): Promise<void> {
  await page.locator(`[data-show][data-number="${number}"]`).waitFor()
}

// Makes docs/pictures, what the README shows: npm run pictures
import { fileURLToPath } from 'node:url'
import { call, documentApi, type Kind, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { join, type Person } from '@realtime/platform/person'
import type { Page } from 'playwright-core'
import * as Y from 'yjs'
import { openWindow, startBrowser } from '../browser/browser.ts'
import { worked } from '../browser/kinds.ts'
import * as steps from '../browser/steps.ts'
import { startSupervised } from '../platform/supervised.ts'
import { drawDiagram } from './canvas.ts'
import { writeDeck } from './slides.ts'

const take = (page: Page, name: string) =>
  page.screenshot({ path: fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url)) })

const lines = [
  'We open the beta on Monday. This page is where we keep what is left to do.',
  '## Before the launch',
  '[ ] Write the announcement',
  'Ask three teams to try it for a week',
  'Rehearse the restore drill',
  '',
  '## Decisions',
  '- Broadcast follows the commit: nobody sees what could be lost',
  'One command starts everything',
]

const platform = await startSupervised()
const browser = await startBrowser()
try {
  const ada = await openWindow(browser)
  const grace = await openWindow(browser)
  await steps.createAdministrator(ada.page, platform.setupLink, 'Ada Lovelace')
  await ada.page.getByRole('button', { name: 'Put away' }).click()
  const plan = new URL(await steps.createDocument(ada.page, 'Launch plan')).pathname.split('/').at(-1) ?? ''
  const katherine = await join(await steps.invitationLink(ada.page), 'Katherine Johnson')
  const projects = await call(katherine.caller, documentApi.projects, {
    query: { organization: await adasOf(katherine) },
  })
  const projectId = projects.projects[0]?.id ?? ''
  const make = async (kind: Kind, title: string, write: (doc: Y.Doc) => void): Promise<string> => {
    const { id } = await call(katherine.caller, documentApi.createDocument, { body: { projectId, kind, title } })
    const doc = new Y.Doc()
    const provider = katherine.open(id, doc)
    await eventually(() => provider.state.everSynced)
    write(doc)
    await eventually(() => provider.state.pending === 0)
    provider.destroy()
    return `${platform.url}/d/${id}`
  }
  const canvas = await make('canvas', 'How an edit travels', drawDiagram)
  const slides = await make('slides', 'Spring review', writeDeck)

  await steps.editor(ada.page).click()
  for (const [index, line] of lines.entries()) {
    if (index > 0) await ada.page.keyboard.press('Enter')
    await ada.page.keyboard.type(line)
  }
  await call(katherine.caller, documentApi.updateDocument, { params: { id: plan }, body: { icon: '🚀' } })
  await steps.joinByLink(grace.page, await steps.invitationLink(ada.page), 'Grace Hopper')
  await grace.page.getByRole('link', { name: 'Launch plan' }).first().click()
  await steps.editable(grace.page)
  await discuss(ada.page, grace.page)
  await grace.page.getByText('Ask three teams').last().click()
  await grace.page.keyboard.press('End')
  await grace.page.keyboard.type(' or four', { delay: 30 })
  await steps.reads(ada.page, (text) => text.includes('or four'))
  await steps.saved(ada.page)
  await grace.page.keyboard.press('ArrowLeft')
  const name = ada.page.locator('.caret-name')
  await eventually(() => name.evaluate((label) => getComputedStyle(label).opacity === '1'))
  await take(ada.page, 'document')

  await Promise.all([ada.page.goto(canvas), grace.page.goto(canvas)])
  await Promise.all([worked.canvas.ready(ada.page), worked.canvas.ready(grace.page)])
  await ada.page.keyboard.press('Shift+1')
  await grace.page.keyboard.press('Shift+1')
  await grace.page.getByTestId('canvas').click({ position: { x: 787, y: 600 } })
  await grace.page.getByTestId('canvas').hover({ position: { x: 830, y: 610 } })
  await ada.page.getByTestId('cursor').filter({ hasText: 'Grace Hopper' }).waitFor()
  await take(ada.page, 'canvas')

  await Promise.all([ada.page.goto(slides), grace.page.goto(slides)])
  await Promise.all([worked.slides.ready(ada.page), worked.slides.ready(grace.page)])
  for (const page of [ada.page, grace.page]) await page.getByTestId('slide-list').getByRole('option').nth(1).click()
  await grace.page.locator('[data-testid=stage] [data-element]').nth(1).click()
  await ada.page.getByTestId('visitor').first().waitFor()
  await ada.page.locator('[data-testid=stage] [data-type=shape]').last().click()
  await take(ada.page, 'slides')
} finally {
  await browser.close()
  await platform.stop()
}

/** The organization that somebody was invited to, not their own. */
async function adasOf(person: Person): Promise<string> {
  const { organizations } = await call(person.caller, organizationApi.list, {})
  return organizations.find((organization) => !organization.personal || organization.role !== 'owner')?.id ?? ''
}

/** A word of the text is asked about, and answered. */
async function discuss(asking: Page, answering: Page): Promise<void> {
  const line = steps.editor(asking).getByText('Write the announcement').last()
  const { width, height } = (await line.boundingBox()) ?? { width: 0, height: 0 }
  await line.dblclick({ position: { x: Math.min(width, 140), y: height / 2 } })
  await asking.getByRole('toolbar').getByRole('button', { name: 'Comment', exact: true }).click()
  const field = asking.getByTestId('comments').getByRole('textbox', { name: 'Comment on the text' })
  await field.fill('In our own words, please.')
  await field.press('Control+Enter')
  await answering.getByRole('button', { name: 'Comments, 1 open' }).click()
  const thread = answering.getByTestId('comments').getByTestId('thread').first()
  await thread.click()
  await thread.getByRole('textbox', { name: 'Answer' }).fill('I write it today.')
  await thread.getByRole('button', { name: 'Answer', exact: true }).click()
  await asking.getByTestId('thread').getByText('I write it today.').waitFor()
}

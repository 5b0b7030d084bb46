// Makes docs/picture.png, the picture in the README: npm run picture
import { fileURLToPath } from 'node:url'
import { openWindow, startBrowser } from './browser/browser.ts'
import * as steps from './browser/steps.ts'
import { startSupervised } from './platform/supervised.ts'

const target = fileURLToPath(new URL('../docs/picture.png', import.meta.url))

const platform = await startSupervised()
const browser = await startBrowser()
try {
  const ada = await openWindow(browser)
  const grace = await openWindow(browser)
  await steps.createAdministrator(ada.page, platform.setupLink, 'Ada Lovelace')
  await steps.createDocument(ada.page, 'Meeting notes')
  await ada.page.goto(`${platform.url}/home`)
  await steps.createDocument(ada.page, 'Launch plan')
  await steps.editor(ada.page).click()
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
  for (const line of lines) {
    await ada.page.keyboard.type(line)
    await ada.page.keyboard.press('Enter')
  }
  await steps.joinByLink(grace.page, await steps.invitationLink(ada.page), 'Grace Hopper')
  await grace.page.getByRole('link', { name: 'Launch plan' }).first().click()
  await steps.editable(grace.page)
  await grace.page.getByText('Ask three teams').last().click()
  await grace.page.keyboard.press('End')
  await grace.page.keyboard.type(' or four', { delay: 30 })
  await steps.reads(ada.page, (text) => text.includes('or four'))
  await steps.saved(ada.page)
  await ada.page.screenshot({ path: target })
} finally {
  await browser.close()
  await platform.stop()
}

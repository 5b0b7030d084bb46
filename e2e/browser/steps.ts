import { eventually } from '@realtime/kit/testing'
import { account } from '@realtime/platform/person'
import type { Locator, Page } from 'playwright-core'

// What people do, by what they see: roles and names.

async function fillAccount(page: Page, name: string, action: string): Promise<void> {
  const { email, password } = account(name)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: action }).click()
  await page.waitForURL('**/home')
}

/** Opens the setup link and creates the administrator. */
export async function createAdministrator(page: Page, setupLink: string, name: string): Promise<void> {
  await page.goto(setupLink)
  await fillAccount(page, name, 'Create administrator')
}

/** Opens an invitation link and creates an account with it. */
export async function joinByLink(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link)
  await page.getByText(`invites you to join`).waitFor()
  await fillAccount(page, name, 'Create account and join')
}

export async function signIn(page: Page, url: string, name: string): Promise<void> {
  const { email, password } = account(name)
  await page.goto(`${url}/sign-in`)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/home')
}

/** Creates a document from the home page and names it. @returns its address */
export async function createDocument(page: Page, title: string): Promise<string> {
  await page.getByRole('main').getByRole('button', { name: 'New document' }).click()
  await page.waitForURL('**/d/*')
  await editable(page)
  const field = page.getByRole('textbox', { name: 'Title' })
  await field.fill(title)
  await field.press('Enter')
  await page.getByRole('link', { name: title }).first().waitFor()
  return page.url()
}

/** Copies an invitation link from the share dialog, as it stands on the screen. */
export async function invitationLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('button', { name: /^Invite to/ }).click()
  await page.getByRole('button', { name: 'Create invitation link' }).click()
  const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  await page.keyboard.press('Escape')
  return link
}

export function editor(page: Page): Locator {
  return page.getByTestId('editor')
}

/** Waits until the document on the page can be typed into. */
export async function editable(page: Page): Promise<void> {
  await page.locator('[data-testid=editor][contenteditable=true]').waitFor()
}

/** What is written in the document on the page: its blocks' text, without others' carets. */
export function written(page: Page): Promise<string> {
  return editor(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement
    for (const caret of copy.querySelectorAll('[class*=caret], .ProseMirror-widget')) caret.remove()
    return [...copy.children].map((block) => block.textContent).join('\n')
  })
}

/** Waits until the document on the page reads so. */
export async function reads(page: Page, check: (text: string) => boolean, timeoutMs = 30_000): Promise<void> {
  await eventually(async () => {
    const text = await written(page)
    if (!check(text)) throw new Error(`it reads:\n${text}`)
    return true
  }, timeoutMs)
}

/** Waits until everything typed on the page is committed on the server, as the page says. */
export async function saved(page: Page, timeoutMs = 60_000): Promise<void> {
  await page.locator('[data-testid=save-state][data-kind=saved]').waitFor({ timeout: timeoutMs })
}

/**
 * Puts the caret at the start or the end of the document. The editor settles its selection for some 20 ms after it
 * got the focus and may undo a key pressed meanwhile, which no person is fast enough for: so look, and press again.
 */
export async function caretTo(page: Page, end: 'start' | 'end'): Promise<void> {
  await editor(page).click()
  await eventually(async () => {
    await page.keyboard.press(end === 'start' ? 'Control+Home' : 'Control+End')
    return (await rest(page, end)) === '' && (await rest(page, end)) === ''
  })
}

/** The text between the caret and an end of the document, two frames from now. */
function rest(page: Page, end: 'start' | 'end'): Promise<string> {
  return editor(page).evaluate(async (element, end) => {
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
    const { focusNode, focusOffset } = getSelection() as Selection
    const range = document.createRange()
    range.selectNodeContents(element)
    if (!focusNode || !element.contains(focusNode)) return 'elsewhere'
    if (end === 'start') range.setEnd(focusNode, focusOffset)
    else range.setStart(focusNode, focusOffset)
    const between = range.cloneContents()
    for (const caret of between.querySelectorAll('[class*=caret], .ProseMirror-widget')) caret.remove()
    return between.textContent ?? ''
  }, end)
}

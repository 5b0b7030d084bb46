import type { Kind } from '@realtime/contracts'
import type { Page } from 'playwright-core'
import * as steps from './steps.ts'

/** How a kind is given content and rid of it, by keys and pointer, and how one sees that it has it. */
export interface Worked {
  /** What the button says that creates one. */
  new: string
  /** Waits until it can be edited. */
  ready(page: Page, timeout?: number): Promise<unknown>
  make(page: Page): Promise<unknown>
  wipe(page: Page): Promise<unknown>
  has(page: Page): Promise<boolean>
  /** Whether the version on the page shows it. */
  previewed(page: Page): Promise<unknown>
}

/** Every kind; the compiler asks for each word of the contract. */
export const worked: Record<Kind, Worked> = {
  document: {
    new: 'New document',
    ready: (page, timeout) => page.locator('[data-testid=editor][contenteditable=true]').waitFor({ timeout }),
    async make(page) {
      await steps.editor(page).click()
      await page.keyboard.type('Worth keeping')
    },
    async wipe(page) {
      await steps.editor(page).click()
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Backspace')
    },
    has: async (page) => (await steps.written(page)).includes('Worth keeping'),
    previewed: (page) => page.getByTestId('preview').getByText('Worth keeping').waitFor(),
  },
  canvas: {
    new: 'New canvas',
    ready: (page, timeout) =>
      page.locator('[data-testid=canvas][data-ready=true][data-editable=true]').waitFor({ timeout }),
    async make(page) {
      await page.getByTestId('canvas').click({ position: { x: 300, y: 500 } })
      await page.keyboard.press('r')
      await page.mouse.move(600, 300)
      await page.mouse.down()
      await page.mouse.move(800, 420, { steps: 5 })
      await page.mouse.up()
    },
    async wipe(page) {
      await page.getByTestId('canvas').click({ position: { x: 300, y: 500 } })
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Delete')
    },
    has: async (page) =>
      (await page.locator('[data-testid=canvas][data-ready=true]').count()) === 1 &&
      (await page.getByTestId('canvas-empty').count()) === 0,
    previewed: (page) => page.locator('[data-testid=preview][data-elements="1"]').waitFor(),
  },
  slides: {
    new: 'New slide deck',
    ready: (page, timeout) => page.locator('[data-testid=stage] [data-editable=true]').waitFor({ timeout }),
    async make(page) {
      await page.locator('[data-testid=stage] [data-element]').first().dblclick()
      await page.getByTestId('slide-text').waitFor()
      await page.keyboard.type('Worth keeping')
      await page.keyboard.press('Escape')
    },
    async wipe(page) {
      await page.locator('[data-testid=stage] [data-element]').first().dblclick()
      await page.getByTestId('slide-text').waitFor()
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Backspace')
      await page.keyboard.press('Escape')
    },
    has: async (page) => ((await page.getByTestId('stage').textContent()) ?? '').includes('Worth keeping'),
    previewed: (page) => page.getByTestId('preview').getByText('Worth keeping').first().waitFor(),
  },
}

/** Creates a resource of a kind from the home page and names it. */
export async function create(page: Page, kind: Kind, title: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: worked[kind].new }).click()
  await page.waitForURL('**/d/*')
  await worked[kind].ready(page)
  const field = page.getByRole('textbox', { name: 'Title' })
  await field.fill(title)
  await field.press('Enter')
  await page.getByRole('link', { name: title }).first().waitFor()
}

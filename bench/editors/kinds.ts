import type { Kind } from '@realtime/contracts'
import { addElements, addSlide, canvasElements, documentFragment, layouts, themes } from '@realtime/resources'
import type { Page } from 'playwright-core'
import * as Y from 'yjs'

/** How a kind is filled and typed into. */
interface Measured {
  /** What `fill` makes, in words. */
  full: string
  fill(doc: Y.Doc): void
  /** Puts the focus where keys write text. */
  focus(page: Page): Promise<unknown>
}

const words = 'We keep what is left to do on this page, and whoever finishes something strikes it out. '

export const kinds: Record<Kind, Measured> = {
  document: {
    full: '500 paragraphs',
    fill(doc) {
      const paragraphs = Array.from({ length: 500 }, () => {
        const paragraph = new Y.XmlElement('paragraph')
        paragraph.insert(0, [new Y.XmlText(words.repeat(3))])
        return paragraph
      })
      doc.getXmlFragment(documentFragment).insert(0, paragraphs)
    },
    focus: (page) => page.getByTestId('editor').click({ position: { x: 40, y: 12 } }),
  },
  canvas: {
    full: '1000 shapes',
    fill(doc) {
      const elements = doc.getMap(canvasElements)
      doc.transact(() => {
        for (let index = 0; index < 1000; index++)
          elements.set(`shape-${index}`, new Y.Map(Object.entries(shape(index))))
      })
    },
    async focus(page) {
      await page.getByTestId('canvas').dblclick({ position: { x: 420, y: 560 } })
      await page.locator('textarea.excalidraw-wysiwyg').waitFor()
    },
  },
  slides: {
    full: '40 slides',
    fill(doc) {
      let after: string | null = null
      doc.transact(() => {
        for (let index = 0; index < 40; index++) {
          after = addSlide(doc, { layout: layouts[index % layouts.length]?.id ?? '', after })
          addElements(doc, after, [
            { type: 'shape', form: 'rounded', x: 560, y: 300, width: 200, height: 120, text: 'Plan' },
            { type: 'text', x: 80, y: 330, width: 400, height: 120, text: words, fontSize: 20 },
          ])
        }
        doc.getMap('deck').set('theme', themes[0].id)
      })
    },
    async focus(page) {
      await page.locator('[data-testid=stage] [data-element]').first().dblclick()
      await page.getByTestId('slide-text').waitFor()
    },
  },
}

/** The parts of a rectangle of a canvas, in a grid of 40 columns. */
function shape(index: number): Record<string, unknown> {
  const x = (index % 40) * 140
  const y = Math.floor(index / 40) * 110
  return {
    geometry: { x, y, width: 100, height: 70, angle: 0 },
    style: { strokeColor: '#1e1e1e', backgroundColor: index % 3 ? 'transparent' : '#a5d8ff' },
    rest: { type: 'rectangle', seed: index + 1, groupIds: [], frameId: null, link: null, locked: false },
    index: `a${index.toString(36).padStart(3, '0')}`,
  }
}

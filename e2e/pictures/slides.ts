import {
  addElements,
  addSlide,
  deleteSlides,
  type ElementCopy,
  readDeck,
  setGeometry,
  setTheme,
} from '@realtime/resources'
import * as Y from 'yjs'

/** The texts of the boxes of each slide, by layout. */
const slides: { layout: string; words: string[]; shapes?: ElementCopy[] }[] = [
  { layout: 'title', words: ['Where we stand', 'Spring review of the platform team'] },
  {
    layout: 'title-body',
    words: [
      'Fast where it matters',
      'Durable before anybody sees it\nWith the others in a blink\nNever lost, whoever falls over',
    ],
    shapes: [
      bar(540, 200, 'accent'),
      bar(640, 280, 'accent-2'),
      bar(740, 120, 'accent'),
      bar(840, 340, 'accent-2'),
      { type: 'line', x: 520, y: 440, width: 400, height: 0, rotation: 0, opacity: 1, stroke: 'muted', strokeWidth: 2 },
    ],
  },
  { layout: 'two-columns', words: ['Done, and next', 'Canvases\nSlides\nHistory', 'Comments\nSearch\nTemplates'] },
  {
    layout: 'quote',
    words: ['It is the first tool in which nobody has asked me whether it was saved.', 'Grace, operations'],
  },
]

/** Writes a small deck. @returns the slide to look at */
export function writeDeck(doc: Y.Doc): void {
  doc.transact(() => {
    setTheme(doc, 'harbor')
    deleteSlides(
      doc,
      readDeck(doc).slides.map((slide) => slide.id),
    )
    let after: string | null = null
    for (const { layout, words, shapes = [] } of slides) {
      after = addSlide(doc, { layout, after })
      const slide = readDeck(doc).slides.find((one) => one.id === after)
      slide?.elements.forEach((element, index) => {
        if ('text' in element) fill(element.text, words[index] ?? '')
      })
      const body = slide?.elements.at(-1)
      // The text makes room for the bars.
      if (body && shapes.length > 0) setGeometry(doc, after, [[body.id, { width: 420 }]])
      addElements(doc, after, shapes)
    }
  })
}

function bar(x: number, height: number, fill: string): ElementCopy {
  return { type: 'shape', form: 'rounded', x, y: 430 - height, width: 72, height, rotation: 0, opacity: 1, fill }
}

function fill(fragment: Y.XmlFragment, words: string): void {
  fragment.delete(0, fragment.length)
  fragment.insert(
    0,
    words.split('\n').map((line) => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText(line)])
      return paragraph
    }),
  )
}

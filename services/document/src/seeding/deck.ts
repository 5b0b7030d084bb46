import { addSlide, deckRoots, elementsMap, readDeck, slideMap, textFromJson } from '@realtime/resources'
import * as Y from 'yjs'

/** Fills the first slide of a new deck, and adds two. */
export function fillDeck(doc: Y.Doc): void {
  const [first] = readDeck(doc).slides
  if (!first) throw new Error(`a new deck has a slide in ${deckRoots.slides}`)
  fill(doc, first.id, { title: [line('A first deck')], subtitle: [line('Made together, shown from right here')] })
  const second = addSlide(doc, { layout: 'title-body', after: first.id })
  fill(doc, second, {
    title: [line('What a deck can do')],
    body: [
      list(
        'Everybody edits the slides at the same time',
        'Another theme changes all colors and fonts at once',
        'While you present, only you see your notes',
        'It leaves as a PowerPoint file or a PDF when it must',
      ),
    ],
  })
  const third = addSlide(doc, { layout: 'section', after: second })
  fill(doc, third, { title: [line('Your turn')], subtitle: [line('Press Present, or add a slide behind this one')] })
}

const line = (text: string) => ({ name: 'paragraph', attributes: {}, content: [{ delta: [{ insert: text }] }] })
const list = (...items: string[]) => ({
  name: 'bulletList',
  attributes: {},
  content: items.map((text) => ({ name: 'listItem', attributes: {}, content: [line(text)] })),
})

/** Writes into the boxes of a slide, by the parts of its layout that they play. */
function fill(doc: Y.Doc, slide: string, texts: Record<string, unknown[]>): void {
  const elements = elementsMap(slideMap(doc, slide) ?? new Y.Map())
  for (const element of elements?.values() ?? []) {
    const text = element instanceof Y.Map ? texts[String(element.get('role'))] : undefined
    if (text && element instanceof Y.Map) element.set('text', textFromJson(text))
  }
}

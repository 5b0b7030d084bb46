import * as Y from 'yjs'
import { copyElement, elementMap } from './copy.ts'
import { type DeckColor, deckRoots } from './deck.ts'
import { type LayoutBox, layoutOf } from './layouts.ts'
import { moveTo, newId, orderedIn, setField, takePlaces } from './place.ts'
import { elementsMap, readDeck, readSlide, slideMap } from './read.ts'
import { isBlank } from './rich-text.ts'
import { richText, textFromJson, textToJson } from './text-content.ts'

/** What somebody does with the slides of a deck. Each is one transaction; what is gone meanwhile is passed over. */

/** The fields of an element that fills a box of a layout. */
function boxFields({ prompt: _prompt, ...box }: LayoutBox): Record<string, unknown> {
  return { type: 'text', rotation: 0, opacity: 1, ...box }
}

/** A map of a slide in a layout that is not part of a document yet. `ids` names its elements. */
export function slideOf(layoutId: string, order: string, ids: () => string = newId): Y.Map<unknown> {
  const layout = layoutOf(layoutId)
  const elements = new Y.Map<unknown>()
  const orders = ['a0', 'a1', 'a2', 'a3']
  layout.boxes.forEach((box, index) => {
    elements.set(ids(), elementMap(boxFields(box), orders[index] ?? 'a4'))
  })
  return new Y.Map<unknown>([
    ['order', order],
    ['layout', layout.id],
    ['background', layout.background],
    ['hidden', false],
    ['notes', richText()],
    ['elements', elements],
  ])
}

/** Adds a slide after another (null: first; unknown: last). @returns its id */
export function addSlide(doc: Y.Doc, { layout, after }: { layout: string; after: string | null }): string {
  const slides = doc.getMap(deckRoots.slides)
  const id = newId()
  doc.transact(() => {
    const items = orderedIn(slides)
    const at = items.findIndex((item) => item.id === after)
    const index = after === null ? 0 : at < 0 ? items.length : at + 1
    slides.set(id, slideOf(layout, takePlaces(slides, items, index, 1)[0] ?? ''))
  })
  return id
}

/** Copies slides with all that is on them, behind the last of them. @returns the ids of the copies */
export function duplicateSlides(doc: Y.Doc, ids: readonly string[]): string[] {
  const slides = doc.getMap(deckRoots.slides)
  return doc.transact(() => {
    const originals = readDeck(doc).slides.filter((slide) => ids.includes(slide.id))
    const last = originals.at(-1)
    if (!last) return []
    const items = orderedIn(slides)
    const index = items.findIndex((item) => item.id === last.id) + 1
    const keys = takePlaces(slides, items, index, originals.length)
    return originals.map((slide, at) => {
      const id = newId()
      const elements = slide.elements.map((element): [string, Y.Map<unknown>] => [
        newId(),
        elementMap(copyElement(element), element.order),
      ])
      const fields: [string, unknown][] = [
        ['order', keys[at] ?? ''],
        ['layout', slide.layout],
        ['background', slide.background],
        ['hidden', slide.hidden],
        ['notes', textFromJson(textToJson(slide.notes))],
        ['elements', new Y.Map<unknown>(elements)],
      ]
      slides.set(id, new Y.Map(fields))
      return id
    })
  })
}

export function deleteSlides(doc: Y.Doc, ids: readonly string[]): void {
  const slides = doc.getMap(deckRoots.slides)
  doc.transact(() => {
    for (const id of ids) slides.delete(id)
  })
}

/** Puts slides at `index` among the others, in the order in which they stood. */
export function moveSlides(doc: Y.Doc, ids: readonly string[], index: number): void {
  const slides = doc.getMap(deckRoots.slides)
  doc.transact(() => {
    const moving = orderedIn(slides).flatMap(({ id }) => (ids.includes(id) ? [id] : []))
    moveTo(slides, moving, Math.max(0, index))
  })
}

export function setHidden(doc: Y.Doc, ids: readonly string[], hidden: boolean): void {
  doc.transact(() => {
    for (const id of ids) setField(slideMap(doc, id), 'hidden', hidden)
  })
}

/** Sets the background of slides; null is the theme's. */
export function setBackground(doc: Y.Doc, ids: readonly string[], background: DeckColor): void {
  doc.transact(() => {
    for (const id of ids) setField(slideMap(doc, id), 'background', background)
  })
}

export function setTheme(doc: Y.Doc, theme: string): void {
  doc.transact(() => setField(doc.getMap(deckRoots.deck), 'theme', theme))
}

/** Gives a slide a layout: its boxes go where the new one has them, empty ones it has no use for go away. */
export function setLayout(doc: Y.Doc, id: string, layoutId: string): void {
  doc.transact(() => {
    const map = slideMap(doc, id)
    const slide = readSlide(id, map)
    if (!map || !slide) return
    const layout = layoutOf(layoutId)
    const was = layoutOf(slide.layout)
    setField(map, 'layout', layout.id)
    // A background that somebody chose stays.
    if (slide.background === was.background) setField(map, 'background', layout.background)
    const elements = elementsMap(map)
    if (!elements) return
    const free = slide.elements.filter((element) => element.type === 'text').filter(({ role }) => role !== null)
    for (const box of layout.boxes) {
      const same = free.findIndex((element) => element.role === box.role)
      // Words go on standing where words are: a subtitle becomes the text, and the other way round.
      const other = free.findIndex(({ role, text }) => role !== 'title' && box.role !== 'title' && !isBlank(text))
      const at = same >= 0 ? same : other
      if (at < 0) {
        const order = takePlaces(elements, orderedIn(elements), elements.size, 1)[0] ?? ''
        elements.set(newId(), elementMap(boxFields(box), order))
      } else {
        const [element] = free.splice(at, 1)
        const target = elements.get(element?.id ?? '')
        for (const [key, value] of Object.entries(boxFields(box))) setField(target, key, value)
      }
    }
    for (const { id: left, text } of free) if (isBlank(text)) elements.delete(left)
  })
}

import * as Y from 'yjs'
import { type ResourceKind, seed } from '../kind.ts'
import { revertMap } from '../revert.ts'
import { deckRoots } from './deck.ts'
import { layouts } from './layouts.ts'
import { isId, readDeck } from './read.ts'
import { plainText } from './rich-text.ts'
import { slideOf } from './slide.ts'
import { themes } from './themes.ts'

/** A deck of slides. */
export const slides: ResourceKind = {
  create: () =>
    seed((doc) => {
      doc.getMap(deckRoots.deck).set('theme', themes[0].id)
      // Fixed ids: the first content is the same whoever makes it.
      let count = 0
      doc.getMap(deckRoots.slides).set(
        'first',
        slideOf(layouts[0].id, 'a0', () => `first-${++count}`),
      )
    }),
  check(doc) {
    if (!doc.share.has(deckRoots.slides)) return 'the deck has no slides'
    try {
      doc.getMap(deckRoots.deck)
      for (const [id, slide] of doc.getMap(deckRoots.slides)) {
        if (!(slide instanceof Y.Map) || !isId(id)) return 'something among the slides is no slide'
        const elements: unknown = slide.get('elements')
        if (!(elements instanceof Y.Map)) return 'a slide has no elements'
        for (const element of elements.values()) if (!(element instanceof Y.Map)) return 'a slide holds no elements'
      }
      return null
    } catch {
      return 'the slides are not a map'
    }
  },
  text(doc) {
    const texts = readDeck(doc).slides.flatMap((slide) => [
      ...slide.elements.map((element) => ('text' in element ? plainText(element.text) : '')),
      ...slide.elements.map((element) => (element.type === 'image' ? element.alt : '')),
      plainText(slide.notes),
    ])
    return texts.filter((text) => text.trim() !== '').join('\n')
  },
  revert(doc, past) {
    for (const root of Object.values(deckRoots)) revertMap(doc.getMap(root), past.getMap(root))
  },
}

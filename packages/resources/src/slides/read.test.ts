import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { readCopies } from './copy.ts'
import { addElements, deleteElements, duplicateElements, reorderElements, setGeometry, setStyle } from './element.ts'
import { FARTHEST, readDeck } from './read.ts'
import { readRichText } from './rich-text.ts'
import { addSlide, duplicateSlides, moveSlides, setLayout } from './slide.ts'
import { slides } from './slides.ts'

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed. */
function randomOf(start: number): () => number {
  let state = start
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  }
}

function garbage(random: () => number, depth = 0): unknown {
  const picks: (() => unknown)[] = [
    () => null,
    () => Number.NaN,
    () => 1e300,
    () => -1e300,
    () => Number.POSITIVE_INFINITY,
    () => '',
    () => 'javascript:alert(1)',
    () => 'accent',
    () => '#12345g',
    () => true,
    () => [1, 'x'],
    () => ({ x: 1 }),
    () => new Uint8Array([1]),
    () => new Y.Text('t'),
    () => new Y.Array(),
    () => new Y.XmlElement('script'),
    () => new Y.XmlFragment(),
    () => ['text', 'shape', 'image', 'line', 'video'][Math.floor(random() * 5)],
  ]
  if (depth < 3) for (let more = 0; more < 6; more++) picks.push(() => garbageMap(random, depth + 1))
  return picks[Math.floor(random() * picks.length)]?.()
}

const keys = 'order layout background hidden notes elements type x y width height rotation opacity text role fill stroke form file alt fontSize color align strokeWidth __proto__ constructor'.split(' ') // biome-ignore format: words

function garbageMap(random: () => number, depth: number): Y.Map<unknown> {
  const map = new Y.Map<unknown>()
  for (const key of keys) if (random() < 0.5) map.set(key, garbage(random, depth))
  return map
}

describe('a deck', () => {
  test('is sound whatever stands in the maps, and can be worked on', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = randomOf(seed)
      const doc = new Y.Doc()
      if (seed % 2) Y.applyUpdate(doc, slides.create())
      for (let index = 0; index < 6; index++) doc.getMap('slides').set(`s${index}`, garbage(random))
      for (let index = 0; index < 4; index++) {
        const slide = new Y.Map<unknown>([
          ['elements', new Y.Map([...Array(8)].map((_, at) => [`e${at}`, garbage(random, 1)]))],
        ])
        doc.getMap('slides').set(`t${index}`, slide)
      }
      doc.getMap('deck').set('theme', garbage(random))
      const size = Y.encodeStateAsUpdate(doc).length
      const deck = readDeck(doc)
      slides.check(doc)
      slides.text(doc)
      for (const slide of deck.slides) {
        for (const element of slide.elements) {
          for (const value of [element.x, element.y, element.width, element.height, element.rotation, element.opacity])
            expect(Math.abs(value)).toBeLessThanOrEqual(FARTHEST)
          expect(element.width).toBeGreaterThanOrEqual(0)
          if ('text' in element) readRichText(element.text)
        }
      }
      // Reading writes nothing.
      expect(Y.encodeStateAsUpdate(doc).length).toBe(size)
      for (const { id, elements } of deck.slides) {
        const ids = elements.map((element) => element.id)
        setLayout(doc, id, 'two-columns')
        reorderElements(doc, id, ids.slice(0, 2), 'forward')
        duplicateElements(doc, id, ids)
        addElements(doc, id, readCopies([garbage(random), { type: 'text', x: Number.NaN, text: [{}] }]))
        setGeometry(doc, id, [
          ['nobody', { x: 1 }],
          ...ids.map((one): [string, object] => [one, { x: Number.NaN, y: 4 }]),
        ])
        setStyle(doc, id, ids, { fill: 'javascript:x', opacity: 0.5 })
        deleteElements(doc, id, ids.slice(1))
      }
      const all = readDeck(doc).slides.map(({ id }) => id)
      moveSlides(doc, all.slice(-1), 0)
      duplicateSlides(doc, all)
      addSlide(doc, { layout: 'nothing', after: 'nobody' })
      expect(readDeck(doc).slides).toHaveLength(2 * all.length + 1)
      expect(readDeck(doc).slides[0]?.id).toBe(all.at(-1))
      doc.destroy()
    }
  })

  test('clamps numbers, refuses colors and addresses that are none', () => {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, slides.create())
    const box = new Y.Map<unknown>(
      Object.entries({ type: 'line', x: 1e9, y: Number.NaN, width: -5, stroke: 'red; background: url(x)', opacity: 7 }),
    )
    const elements = (doc.getMap('slides').get('first') as Y.Map<Y.Map<unknown>>).get('elements')
    elements?.set('box', box)
    elements?.set('image', new Y.Map<unknown>([['type', 'image'], ['file', 'https://evil.example/x.png']])) // biome-ignore format: pairs
    const read = readDeck(doc).slides[0]?.elements.filter(({ type }) => type === 'line' || type === 'image')
    expect(read).toMatchObject([{ id: 'box', x: FARTHEST, y: 0, width: 0, stroke: 'text', opacity: 1 }])
  })
})

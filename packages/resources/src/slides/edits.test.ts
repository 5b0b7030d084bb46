import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { copyElement, readCopies } from './copy.ts'
import {
  addElements,
  type Direction,
  deleteElements,
  duplicateElements,
  reorderElements,
  setGeometry,
  setStyle,
} from './element.ts'
import { layouts } from './layouts.ts'
import { readDeck } from './read.ts'
import { plainText, readRichText } from './rich-text.ts'
import { addSlide, deleteSlides, duplicateSlides, moveSlides, setHidden, setLayout, setTheme } from './slide.ts'
import { slides } from './slides.ts'

function deck(): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, slides.create())
  return doc
}

function sync(...docs: Y.Doc[]): void {
  for (const one of docs)
    for (const other of docs)
      if (one !== other) Y.applyUpdate(other, Y.encodeStateAsUpdate(one, Y.encodeStateVector(other)))
}

const ids = (doc: Y.Doc) => readDeck(doc).slides.map(({ id }) => id)
const elementIds = (doc: Y.Doc, slide = 'first') =>
  readDeck(doc)
    .slides.find(({ id }) => id === slide)
    ?.elements.map(({ id }) => id) ?? []

/** A deck as plain data, to compare two. */
const plain = (doc: Y.Doc) =>
  readDeck(doc).slides.map(({ notes, elements, ...slide }) => ({
    ...slide,
    notes: readRichText(notes),
    elements: elements.map((element) =>
      'text' in element ? { ...element, text: readRichText(element.text) } : element,
    ),
  }))

describe('slides', () => {
  test('are added after another, first, and last', () => {
    const doc = deck()
    const second = addSlide(doc, { layout: 'title-body', after: 'first' })
    const between = addSlide(doc, { layout: 'blank', after: 'first' })
    const first = addSlide(doc, { layout: 'quote', after: null })
    expect(ids(doc)).toEqual([first, 'first', between, second])
    expect(readDeck(doc).slides[0]).toMatchObject({ layout: 'quote', background: 'surface' })
  })

  test('move alone and together, and keep their order', () => {
    const doc = deck()
    const [a, b, c] = ['a', 'b', 'c'].map(() => addSlide(doc, { layout: 'blank', after: 'end' })) as [
      string,
      string,
      string,
    ]
    moveSlides(doc, [c], 0)
    expect(ids(doc)).toEqual([c, 'first', a, b])
    moveSlides(doc, [b, c], 1)
    expect(ids(doc)).toEqual(['first', c, b, a])
    const before = Y.encodeStateVector(doc)
    moveSlides(doc, [c, b], 1)
    expect(Y.encodeStateVector(doc)).toEqual(before)
  })

  test('copies are whole and independent', () => {
    const doc = deck()
    addElements(doc, 'first', [{ type: 'shape', form: 'star', fill: '#ff0000', text: 'Star' }])
    const [copy = ''] = duplicateSlides(doc, ['first'])
    expect(ids(doc)).toEqual(['first', copy])
    const [one, other] = plain(doc)
    const strip = (slide: typeof one) => slide?.elements.map(({ id: _, ...rest }) => rest)
    expect(strip(other)).toEqual(strip(one))
    deleteElements(doc, copy, elementIds(doc, copy))
    expect(elementIds(doc)).toHaveLength(3)
  })

  test('a layout moves what is written, and takes empty boxes away', () => {
    const doc = deck()
    const id = addSlide(doc, { layout: 'two-columns', after: 'first' })
    const [title, left] = readDeck(doc).slides[1]?.elements ?? []
    for (const element of [title, left])
      if (element?.type === 'text') (element.text.get(0) as Y.XmlElement).insert(0, [new Y.XmlText('words')])
    setLayout(doc, id, 'section')
    const section = readDeck(doc).slides[1]
    expect(section).toMatchObject({ layout: 'section', background: 'accent' })
    expect(section?.elements.map((element) => element.id)).toEqual([title?.id, left?.id])
    expect(section?.elements[1]).toMatchObject({ role: 'subtitle', color: 'on-accent' })
    setLayout(doc, id, 'blank')
    expect(readDeck(doc).slides[1]?.elements).toHaveLength(2)
    setLayout(doc, id, 'title-body')
    expect(
      readDeck(doc).slides[1]?.elements.map((element) => element.type === 'text' && plainText(element.text)),
    ).toEqual(['words', 'words'])
  })
})

describe('elements', () => {
  test('come on top, and change their places', () => {
    const doc = deck()
    deleteElements(doc, 'first', elementIds(doc))
    const [a = '', b = '', c = '', d = ''] = addElements(doc, 'first', Array(4).fill({ type: 'line' }))
    const moved = (move: string[], direction: Direction) => {
      reorderElements(doc, 'first', move, direction)
      return elementIds(doc)
    }
    expect(moved([a], 'forward')).toEqual([b, a, c, d])
    expect(moved([d], 'back')).toEqual([d, b, a, c])
    expect(moved([d, a], 'front')).toEqual([b, c, d, a])
    expect(moved([d], 'backward')).toEqual([b, d, c, a])
    expect(moved([a, c], 'forward')).toEqual([b, d, c, a])
    expect(moved([b, d], 'forward')).toEqual([c, b, d, a])
    expect(moved(['nobody'], 'front')).toEqual([c, b, d, a])
  })

  test('take of a style what their type has', () => {
    const doc = deck()
    const [line = '', shape = ''] = addElements(doc, 'first', [{ type: 'line' }, { type: 'shape' }])
    setStyle(doc, 'first', [line, shape], { fill: '#00FF00', dashed: true, stroke: 'no color' })
    const read = readDeck(doc).slides[0]?.elements.slice(-2)
    expect(read?.[0]).toMatchObject({ dashed: true, stroke: 'text' })
    expect(read?.[0]).not.toHaveProperty('fill')
    expect(read?.[1]).toMatchObject({ fill: '#00ff00', stroke: null })
  })

  test('a move and a color of two people both stay', () => {
    const one = deck()
    const other = deck()
    addElements(one, 'first', [{ type: 'shape' }])
    sync(one, other)
    const id = elementIds(one).at(-1) ?? ''
    setGeometry(one, 'first', [[id, { x: 300, y: 200 }]])
    setStyle(other, 'first', [id], { fill: 'accent-2' })
    sync(one, other)
    expect(readDeck(one).slides[0]?.elements.at(-1)).toMatchObject({ x: 300, y: 200, fill: 'accent-2' })
    expect(plain(one)).toEqual(plain(other))
  })
})

describe('two people at once', () => {
  test('put slides at one place, and a third between them', () => {
    const one = deck()
    const other = deck()
    const a = addSlide(one, { layout: 'blank', after: 'first' })
    const b = addSlide(other, { layout: 'blank', after: 'first' })
    sync(one, other)
    expect(ids(one)).toEqual(ids(other))
    expect(readDeck(one).slides[1]?.order).toBe(readDeck(one).slides[2]?.order)
    const [, near = '', far = ''] = ids(one)
    expect([near, far].sort()).toEqual([a, b].sort())
    const third = addSlide(one, { layout: 'blank', after: near })
    sync(one, other)
    expect(ids(other)).toEqual(['first', near, third, far])
  })

  test('random work of three people who come and go ends in one deck', () => {
    for (let round = 0; round < 12; round++) {
      let state = round * 7919 + 1
      const random = (below: number) => {
        state = (state * 1664525 + 1013904223) % 2 ** 32
        return Math.floor((state / 2 ** 32) * below)
      }
      const docs = [deck(), deck(), deck()]
      for (let step = 0; step < 120; step++) {
        const doc = docs[random(3)] as Y.Doc
        const all = readDeck(doc).slides
        const slide = all[random(all.length)]
        const some = slide?.elements.filter(() => random(3) === 0).map(({ id }) => id) ?? []
        const layout = layouts[random(layouts.length)]?.id ?? ''
        const acts: (() => void)[] = [
          () => void addSlide(doc, { layout, after: slide?.id ?? null }),
          () => void (slide && duplicateSlides(doc, [slide.id])),
          () => void (slide && all.length > 3 && deleteSlides(doc, [slide.id])),
          () => void (slide && moveSlides(doc, [slide.id], random(all.length))),
          () => void (slide && setLayout(doc, slide.id, layout)),
          () => void (slide && setHidden(doc, [slide.id], random(2) === 0)),
          () => setTheme(doc, random(2) ? 'forest' : 'paper'),
          () => void (slide && addElements(doc, slide.id, [{ type: 'shape', text: 'x' }, { type: 'line' }])),
          () => void (slide && duplicateElements(doc, slide.id, some)),
          () => void (slide && deleteElements(doc, slide.id, some)),
          () => void (slide && reorderElements(doc, slide.id, some, random(2) ? 'forward' : 'backward')),
          () =>
            void (
              slide &&
              setGeometry(
                doc,
                slide.id,
                some.map((id): [string, { x: number }] => [id, { x: random(900) }]),
              )
            ),
        ]
        acts[random(acts.length)]?.()
        if (random(9) === 0) sync(doc, docs[random(3)] as Y.Doc)
      }
      sync(...docs)
      sync(...docs)
      expect(plain(docs[1] as Y.Doc)).toEqual(plain(docs[0] as Y.Doc))
      expect(plain(docs[2] as Y.Doc)).toEqual(plain(docs[0] as Y.Doc))
      expect(slides.check(docs[0] as Y.Doc)).toBeNull()
    }
  })
})

test('a copy is plain data, whatever stands in the text', () => {
  const doc = deck()
  const element = readDeck(doc).slides[0]?.elements[0]
  if (!element || !('text' in element)) throw new Error('a new deck begins with text')
  const list = new Y.XmlElement('orderedList')
  const item = new Y.XmlElement('listItem')
  const text = new Y.XmlText('words')
  element.text.insert(0, [list])
  list.insert(0, [item])
  item.insert(0, [new Y.XmlElement('paragraph')])
  ;(item.get(0) as Y.XmlElement).insert(0, [text])
  list.setAttribute('start', 3 as unknown as string)
  list.setAttribute('huge', 1n as unknown as string)
  text.insertEmbed(5, new Y.Map([['huge', 1n]]))
  const copied = JSON.parse(JSON.stringify(copyElement(element)))
  const [id = ''] = addElements(doc, 'first', readCopies([copied]))
  const twin = readDeck(doc).slides[0]?.elements.find((one) => one.id === id)
  if (!twin || !('text' in twin)) throw new Error('a copy of text is text')
  expect(readRichText(twin.text)[0]).toMatchObject({ list: { ordered: true, number: 3 }, runs: [{ text: 'words' }] })
})

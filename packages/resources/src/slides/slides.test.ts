import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addElements } from './element.ts'
import { readDeck, slideMap } from './read.ts'
import { readRichText } from './rich-text.ts'
import { addSlide, deleteSlides, setTheme } from './slide.ts'
import { slides } from './slides.ts'
import { textFromJson } from './text-content.ts'

function deck(): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, slides.create())
  return doc
}

describe('slides', () => {
  test('begin with one title slide that every replica shares', () => {
    const doc = deck()
    Y.applyUpdate(doc, slides.create())
    const { theme, slides: read } = readDeck(doc)
    expect(theme).toBe('paper')
    expect(read).toHaveLength(1)
    expect(read[0]?.elements.map((element) => element.type === 'text' && element.role)).toEqual(['title', 'subtitle'])
    for (const element of read[0]?.elements ?? []) {
      const paragraph = element.type === 'text' && element.text.get(0)
      expect(paragraph instanceof Y.XmlElement && paragraph.get(0)).toBeInstanceOf(Y.XmlText)
    }
    expect(read[0]?.notes?.toString()).toBe('<paragraph></paragraph>')
    expect(slides.check(doc)).toBeNull()
  })

  test('read as plain text: boxes, pictures and notes, slide by slide', () => {
    const doc = deck()
    const id = addSlide(doc, { layout: 'blank', after: 'first' })
    addElements(doc, id, [
      { type: 'shape', text: 'A shape\nof two lines' },
      { type: 'image', file: 'f'.repeat(43), alt: 'A cat' },
    ])
    const notes = slideMap(doc, id)?.get('notes') as Y.XmlFragment
    ;((notes.get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(0, 'Say hello')
    expect(slides.text(doc)).toBe('A shape\nof two lines\nA cat\nSay hello')
  })

  test('refuse states of another shape', () => {
    expect(slides.check(new Y.Doc())).toBe('the deck has no slides')
    const stray = deck()
    stray.getMap('slides').set('x', 5)
    expect(slides.check(stray)).toBe('something among the slides is no slide')
    const hollow = deck()
    hollow.getMap('slides').set('x', new Y.Map())
    expect(slides.check(hollow)).toBe('a slide has no elements')
    const list = new Y.Doc()
    list.getArray('slides').push([1])
    expect(slides.check(list)).toBe('the slides are not a map')
  })

  test('go back to what they were, and leave alone what did not change', () => {
    const doc = deck()
    addSlide(doc, { layout: 'quote', after: 'first' })
    const past = new Y.Doc()
    Y.applyUpdate(past, Y.encodeStateAsUpdate(doc))
    const before = slides.text(past)
    const kept = slideMap(doc, 'first')
    setTheme(doc, 'midnight')
    deleteSlides(doc, [readDeck(doc).slides[1]?.id ?? ''])
    addSlide(doc, { layout: 'blank', after: null })
    doc.transact(() => slides.revert(doc, past))
    expect(readDeck(doc).theme).toBe('paper')
    expect(readDeck(doc).slides.map(({ id, layout }) => [id, layout])).toEqual(
      readDeck(past).slides.map(({ id, layout }) => [id, layout]),
    )
    expect(slides.text(doc)).toBe(before)
    expect(slideMap(doc, 'first')).toBe(kept)
  })
})

describe('text of a foreign origin', () => {
  test('keeps what a box can hold, and nothing else', () => {
    const doc = new Y.Doc()
    const text = (insert: string, attributes = {}) => ({ delta: [{ insert, attributes }] })
    doc.getMap('m').set(
      'text',
      textFromJson([
        { name: 'script', attributes: {}, content: [text('alert(1)')] },
        { name: 'paragraph', content: [text('A', { bold: true, link: { href: 'javascript:alert(1)' }, evil: 1 })] },
        {
          name: 'paragraph',
          content: [text('B', { textStyle: { color: 'url(x)' }, link: { href: 'https://a.b' } })],
        },
        { name: 'bulletList', content: [] },
        { name: 'orderedList', attributes: { start: 3 }, content: [{ name: 'listItem', content: [] }, 7, null] },
        text('loose'),
      ]),
    )
    const blocks = readRichText(doc.getMap('m').get('text') as Y.XmlFragment)
    expect(blocks.map(({ list, runs }) => [list?.number ?? null, runs.map((run) => run.text).join('')])).toEqual([
      [null, 'A'],
      [null, 'B'],
      [3, ''],
    ])
    expect(blocks[0]?.runs[0]).toMatchObject({ bold: true, link: null, color: null })
    expect(blocks[1]?.runs[0]).toMatchObject({ bold: false, link: 'https://a.b', color: null })
  })
})

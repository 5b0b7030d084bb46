import { exactReplica, readCanvas, readDeck, resourceKinds, writeBlocks } from '@realtime/resources'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { drawCanvas } from './canvas.ts'
import { fillDeck } from './deck.ts'
import { contentOf } from './seeding.ts'
import { nested, welcome } from './welcome.ts'

const built = (kind: 'document' | 'canvas' | 'slides', write: (doc: Y.Doc) => void): Y.Doc => {
  const doc = exactReplica()
  Y.applyUpdate(doc, resourceKinds[kind].create())
  Y.applyUpdate(doc, contentOf(kind, write).update)
  expect(resourceKinds[kind].check(doc)).toBeNull()
  return doc
}

it('the pages are sound documents that say what they show', () => {
  for (const blocks of [welcome, nested]) {
    const doc = built('document', (one) => writeBlocks(one, blocks))
    const names = doc
      .getXmlFragment('content')
      .toArray()
      .map((node) => (node as Y.XmlElement).nodeName)
    expect(names).toEqual(blocks.map(({ type }) => type))
    expect(resourceKinds.document.text(doc).length).toBeGreaterThan(200)
  }
})

it('the canvas can be read whole, and its arrows end at its boxes', () => {
  const doc = built('canvas', drawCanvas)
  const elements = readCanvas(doc)
  expect(elements.length).toBe(doc.getMap('elements').size)
  const ids = elements.map(({ id }) => id)
  for (const arrow of elements.filter(({ type }) => type === 'arrow')) {
    expect(ids).toContain((arrow.startBinding as { elementId: string }).elementId)
    expect(ids).toContain((arrow.endBinding as { elementId: string }).elementId)
  }
  expect(resourceKinds.canvas.text(doc)).toContain('An idea')
})

it('the deck has three slides without an empty box', () => {
  const doc = built('slides', fillDeck)
  const { slides } = readDeck(doc)
  expect(slides.map(({ layout }) => layout)).toEqual(['title', 'title-body', 'section'])
  const texts = slides.flatMap(({ elements }) =>
    elements.map((element) => ('text' in element ? element.text.toString() : '')),
  )
  expect(texts.length).toBe(6)
  for (const text of texts) expect(text.length).toBeGreaterThan('<paragraph></paragraph>'.length)
  expect(resourceKinds.slides.text(doc)).toMatch(/^A first deck\nMade together/)
})

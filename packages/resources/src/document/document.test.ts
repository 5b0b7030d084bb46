import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { document, documentFragment } from './document.ts'

function paragraph(...texts: (string | Y.XmlElement)[]): Y.XmlElement {
  const element = new Y.XmlElement('paragraph')
  element.insert(
    0,
    texts.map((text) => (typeof text === 'string' ? new Y.XmlText(text) : text)),
  )
  return element
}

describe('document', () => {
  test('begins with one empty paragraph that every replica shares', () => {
    const first = new Y.Doc()
    Y.applyUpdate(first, document.create())
    Y.applyUpdate(first, document.create())
    expect(first.getXmlFragment(documentFragment).toString()).toBe('<paragraph></paragraph>')
    const block = first.getXmlFragment(documentFragment).get(0)
    expect(block instanceof Y.XmlElement && block.get(0)).toBeInstanceOf(Y.XmlText)
    expect(document.check(first)).toBeNull()
  })

  test('reads as plain text, a line a block', () => {
    const doc = new Y.Doc()
    const quote = new Y.XmlElement('blockquote')
    quote.insert(0, [paragraph('said'), paragraph('twice')])
    doc.getXmlFragment(documentFragment).insert(0, [paragraph('one ', 'line'), quote])
    expect(document.text(doc)).toBe('one line\nsaid\ntwice')
  })

  test('refuses states of another shape', () => {
    const empty = new Y.Doc()
    expect(document.check(empty)).toBe('the document has no content')
    const stray = new Y.Doc()
    stray.getXmlFragment(documentFragment).insert(0, [new Y.XmlText('loose')])
    expect(document.check(stray)).toBe('text stands outside of any block')
  })
})

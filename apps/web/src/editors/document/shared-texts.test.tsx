import { Schema } from '@tiptap/pm/model'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addTexts } from './shared-texts.ts'

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { group: 'block', content: 'text*' },
    quote: { group: 'block', content: 'block+' },
    rule: { group: 'block' },
    text: {},
  },
})

function watched(): Y.Doc {
  const doc = new Y.Doc()
  doc.on('afterTransaction', (transaction: Y.Transaction) => addTexts(transaction, schema))
  return doc
}

function textsIn(element: unknown): number {
  return element instanceof Y.XmlElement ? element.toArray().filter((child) => child instanceof Y.XmlText).length : -1
}

describe('addTexts', () => {
  test('gives each empty block the editor makes its text, however deep; nothing else', () => {
    const doc = watched()
    const content = doc.getXmlFragment('content')
    const inner = new Y.XmlElement('paragraph')
    const quote = new Y.XmlElement('quote')
    quote.insert(0, [inner])
    const written = new Y.XmlElement('paragraph')
    written.insert(0, [new Y.XmlText('words')])
    const rule = new Y.XmlElement('rule')
    doc.transact(() => content.insert(0, [new Y.XmlElement('paragraph'), quote, written, rule]), ySyncPluginKey)
    expect(content.toArray().map(textsIn)).toEqual([1, 0, 1, 0])
    expect(textsIn(inner)).toBe(1)
  })

  test("leaves other people's blocks and other origins alone", () => {
    const other = new Y.Doc()
    other.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')])
    const doc = watched()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    const content = doc.getXmlFragment('content')
    doc.transact(() => content.insert(1, [new Y.XmlElement('rule')]), ySyncPluginKey)
    expect(textsIn(content.get(0))).toBe(0)
  })

  test('lets undoing the block take its text along', () => {
    const doc = watched()
    const content = doc.getXmlFragment('content')
    const undo = new Y.UndoManager(content, { trackedOrigins: new Set([ySyncPluginKey]) })
    doc.transact(() => content.insert(0, [new Y.XmlElement('paragraph')]), ySyncPluginKey)
    undo.undo()
    expect(content.length).toBe(0)
    undo.redo()
    expect(content.toArray().map(textsIn)).toEqual([1])
  })
})

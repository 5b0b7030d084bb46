import { documentFragment, writeBlocks } from '@realtime/resources'
import { getSchema } from '@tiptap/core'
import { Node } from '@tiptap/pm/model'
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import { expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { extensionsOf } from './extensions.ts'

test('what programs write into documents is what the editor knows', () => {
  const doc = new Y.Doc()
  const text = ['Words, ', { text: 'bold', bold: true as const }, { text: 'x()', code: true as const }]
  writeBlocks(doc, [
    { type: 'heading', level: 2, text },
    { type: 'paragraph', text },
    { type: 'blockquote', text },
    { type: 'bulletList', items: [text, text] },
    { type: 'orderedList', items: [text] },
    { type: 'taskList', items: [{ done: true, text }] },
    { type: 'codeBlock', language: 'javascript', text: 'x()' },
  ])
  const schema = getSchema(extensionsOf(doc, new Awareness(doc)))
  const json = yXmlFragmentToProsemirrorJSON(doc.getXmlFragment(documentFragment))
  const node = Node.fromJSON(schema, json)
  expect(() => node.check()).not.toThrow()
  expect(node.toJSON()).toMatchObject({
    content: [
      {
        type: 'heading',
        attrs: { level: 2 },
        content: [{}, { marks: [{ type: 'bold' }] }, { marks: [{ type: 'code' }] }],
      },
      { type: 'paragraph' },
      { type: 'blockquote', content: [{ type: 'paragraph' }] },
      { type: 'bulletList', content: [{ type: 'listItem' }, { type: 'listItem' }] },
      { type: 'orderedList' },
      { type: 'taskList', content: [{ type: 'taskItem', attrs: { checked: true } }] },
      { type: 'codeBlock', attrs: { language: 'javascript' } },
    ],
  })
})

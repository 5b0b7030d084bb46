// @vitest-environment happy-dom
import type { PrivateCopy } from '@realtime/client'
import { kinds } from '@realtime/contracts'
import { documentFragment, resourceKinds } from '@realtime/resources'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { textOf } from './content.ts'
import { filesOf } from './downloads.ts'

/** A document with a heading and a sentence, of which a part is bold. */
function written(): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, resourceKinds.document.create())
  const heading = new Y.XmlElement('heading')
  heading.setAttribute('level', 2 as never)
  heading.insert(0, [new Y.XmlText('Plan')])
  const paragraph = new Y.XmlElement('paragraph')
  const text = new Y.XmlText()
  text.insert(0, 'We ')
  text.insert(3, 'agreed', { bold: {} })
  text.insert(9, ' on it.', { bold: null })
  paragraph.insert(0, [text])
  doc.getXmlFragment(documentFragment).delete(0, 1)
  doc.getXmlFragment(documentFragment).insert(0, [heading, paragraph])
  return doc
}

function copyOf(doc: Y.Doc, more: Partial<PrivateCopy> = {}): PrivateCopy {
  return {
    id: 'c',
    document: 'd',
    epoch: 'e',
    at: 0,
    reason: 'read-only',
    detail: '',
    count: 1,
    whole: true,
    about: { kind: 'document', title: 'Notes', projectId: 'p', organizationId: 'o' },
    state: Y.encodeStateAsUpdate(doc),
    ...more,
  }
}

describe('what is in a private copy', () => {
  it('reads as its kind reads', () => {
    expect(textOf(copyOf(written()))).toBe('Plan\nWe agreed on it.')
  })

  it('reads as what was written, where the rest is missing or nobody knows what it was', () => {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, resourceKinds.document.create())
    const before = Y.encodeStateVector(doc)
    const paragraph = doc.getXmlFragment(documentFragment).get(0) as Y.XmlElement
    ;(paragraph.get(0) as Y.XmlText).insert(0, 'On the train.')
    const state = Y.encodeStateAsUpdate(doc, before)
    expect(textOf(copyOf(doc, { state, whole: false }))).toBe('On the train.')
    expect(textOf(copyOf(doc, { about: null }))).toBe('On the train.')
  })

  it('leaves as Markdown, as text and as it is', async () => {
    const copy = copyOf(written())
    const files = filesOf(copy)
    expect(files.map(({ extension }) => extension)).toEqual(['md', 'txt', 'yjs'])
    const [markdown, text, update] = await Promise.all(files.map(({ make }) => make()))
    expect(await markdown?.text()).toBe('# Notes\n\n## Plan\n\nWe **agreed** on it.\n')
    expect(await text?.text()).toBe('Plan\nWe agreed on it.')
    expect(new Uint8Array((await update?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(copy.state)
  })

  it('has a file of its own in every kind, and none when it does not show by itself', () => {
    for (const kind of kinds) {
      const about = { kind, title: '', projectId: 'p', organizationId: 'o' }
      expect(filesOf(copyOf(new Y.Doc(), { about }))).toHaveLength(3)
      expect(filesOf(copyOf(new Y.Doc(), { about, whole: false }))).toHaveLength(2)
    }
  })
})

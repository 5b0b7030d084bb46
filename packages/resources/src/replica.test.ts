import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { exactReplica } from './replica.ts'

const words = (doc: Y.Doc) => doc.getXmlFragment('f').get(0) as Y.XmlText

/** Two people make the same words bold at the same time: one pair of marks too many. */
function twiceBold(): Uint8Array[] {
  const start = new Y.Doc()
  start.clientID = 1
  start.getXmlFragment('f').insert(0, [new Y.XmlText('some words')])
  const first = Y.encodeStateAsUpdate(start)
  const updates = [first]
  for (const clientID of [2, 3]) {
    const doc = new Y.Doc()
    doc.clientID = clientID
    Y.applyUpdate(doc, first)
    const before = Y.encodeStateVector(doc)
    words(doc).format(0, 4, { bold: true })
    updates.push(Y.encodeStateAsUpdate(doc, before))
  }
  return updates
}

test('an exact replica deletes nothing by itself', () => {
  const updates = twiceBold()
  const deletions = (doc: Y.Doc) => Y.createDeleteSetFromStructStore(doc.store).clients.size
  const exact = exactReplica()
  for (const update of updates) Y.applyUpdate(exact, update)
  expect(deletions(exact)).toBe(0)
  // What this is about: a replica that hears of it from afar tidies up.
  const afar = new Y.Doc()
  for (const update of updates) Y.applyUpdate(afar, update)
  expect(deletions(afar)).toBeGreaterThan(0)
  expect(words(exact).toDelta()).toEqual(words(afar).toDelta())
})

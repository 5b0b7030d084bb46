import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Held, heldBy, holds, unsentOf } from './unsent.ts'

/** A document and a server that has all of it. */
function start() {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, 'hello')
  const server = new Y.Doc()
  Y.applyUpdate(server, Y.encodeStateAsUpdate(doc))
  return { doc, server }
}

const heldIn = (server: Y.Doc, doc = new Y.Doc()): Held =>
  heldBy(Y.encodeStateVector(server), Y.encodeStateAsUpdate(server, Y.encodeStateVector(doc)))

/** The update that an edit makes. */
function edit(doc: Y.Doc, work: (text: Y.Text) => void): Uint8Array {
  const updates: Uint8Array[] = []
  const collect = (update: Uint8Array): void => void updates.push(update)
  doc.on('update', collect)
  doc.transact(() => work(doc.getText('t')))
  doc.off('update', collect)
  return updates[0] as Uint8Array
}

describe('what the server lacks', () => {
  test('is nothing when it has everything, or when the rest is on its way', () => {
    const { doc, server } = start()
    expect(unsentOf(doc, heldIn(server, doc), () => [])).toBeNull()
    const pending = [edit(doc, (text) => text.insert(5, '!')), edit(doc, (text) => text.delete(0, 2))]
    expect(unsentOf(doc, heldIn(server, doc), () => pending)).toBeNull()
  })

  test('is found when it was written before, and behind a gap', () => {
    const { doc, server } = start()
    edit(doc, (text) => text.insert(5, '1'))
    const later = edit(doc, (text) => text.insert(6, '2'))
    const unsent = unsentOf(doc, heldIn(server, doc), () => [later])
    expect(unsent).not.toBeNull()
    Y.applyUpdate(server, unsent as Uint8Array)
    expect(server.getText('t').toString()).toBe('hello12')
  })

  test('is found when it is a deletion alone', () => {
    const { doc, server } = start()
    edit(doc, (text) => text.delete(1, 3))
    const unsent = unsentOf(doc, heldIn(server, doc), () => [])
    Y.applyUpdate(server, unsent as Uint8Array)
    expect(server.getText('t').toString()).toBe('ho')
    expect(unsentOf(doc, heldIn(server, doc), () => [])).toBeNull()
  })
})

test('an update is held once both what it writes and what it deletes is', () => {
  const { doc, server } = start()
  const both = edit(doc, (text) => {
    text.insert(5, '!')
    text.delete(0, 2)
  })
  const writes = edit(doc, (text) => text.insert(0, 'a'))
  const deletes = edit(doc, (text) => text.delete(0, 1))
  const held = () => [both, writes, deletes].map((update) => holds(heldIn(server, doc), update))
  expect(held()).toEqual([false, false, false])
  Y.applyUpdate(server, both)
  expect(held()).toEqual([true, false, false])
  Y.applyUpdate(server, writes)
  expect(held()).toEqual([true, true, false])
  Y.applyUpdate(server, deletes)
  expect(held()).toEqual([true, true, true])
})

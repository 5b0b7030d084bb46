import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { script } from './typing.ts'
import { updateKey } from './update-key.ts'

test('every update of a script has a key of its own, and is valid beside all others in any order of writers', () => {
  const { base, writers } = script(5, 300)
  const updates = writers.flatMap((writer) => writer.updates)
  expect(updates).toHaveLength(1_500)
  expect(new Set(updates.map(updateKey)).size).toBe(updates.length)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, base)
  for (let number = 0; number < 300; number++) {
    for (const writer of [...writers].reverse()) Y.applyUpdate(doc, writer.updates[number] as Uint8Array)
  }
  expect(doc.store.pendingStructs).toBeNull()
  expect(doc.store.pendingDs).toBeNull()
  expect(doc.getXmlFragment('content').length).toBe(5)
})

test('a deletion has another key than the insertion of what it deletes', () => {
  const doc = new Y.Doc()
  const keys: number[] = []
  doc.on('update', (update: Uint8Array) => keys.push(updateKey(update)))
  doc.getText('t').insert(0, 'a')
  doc.getText('t').delete(0, 1)
  expect(keys[1]).toBe((keys[0] as number) + 1)
  expect(updateKey(Uint8Array.of(0, 0))).toBe(-1)
  expect(() => updateKey(Uint8Array.of(1, 1, 200))).toThrow(RangeError)
})

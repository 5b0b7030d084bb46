import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { askToJoin, compareWith } from './joining.ts'
import { Pending } from './pending.ts'
import { Replica } from './replica.ts'

const NOTHING = new Uint8Array()
const same = { type: 'joined', epoch: 'e1', permission: 'write', stateVector: NOTHING, update: NOTHING } as const

/** Two edits of which the second stands on the first. */
function twoEdits(): [Uint8Array, Uint8Array] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  doc.getText('t').insert(0, 'a')
  doc.getText('t').insert(1, 'b')
  return updates as [Uint8Array, Uint8Array]
}

/** A replica that takes own edits as an earlier session left them. */
function start() {
  const doc = new Y.Doc()
  const replica = new Replica(doc, {}, () => {})
  const pending = new Pending(undefined, 'doc', 'e1', () => {})
  const take = (update: Uint8Array): void => {
    pending.add(update)
    replica.apply([update])
  }
  return { doc, replica, pending, take }
}

test('an equal digest settles what was in it, and nothing that came after', () => {
  const { doc, replica, pending, take } = start()
  const [first, second] = twoEdits()
  take(first)
  const asked = askToJoin(doc, pending, 'doc', 'e1')
  take(second)
  compareWith(same, asked, replica, pending)
  expect(pending.updates()).toEqual([second])
})

test('what stood on something missing when it was asked is not settled, though it came meanwhile', () => {
  const { doc, replica, pending, take } = start()
  const [first, second] = twoEdits()
  take(second)
  const asked = askToJoin(doc, pending, 'doc', 'e1')
  take(first)
  expect(doc.store.pendingStructs).toBeNull()
  compareWith(same, asked, replica, pending)
  expect(pending.updates()).toEqual([second, first])
})

test('what stands on something missing since it was asked holds nothing up', () => {
  const { doc, replica, pending, take } = start()
  const [first] = twoEdits()
  take(first)
  const asked = askToJoin(doc, pending, 'doc', 'e1')
  const [, elsewhere] = twoEdits()
  take(elsewhere)
  expect(doc.store.pendingStructs).not.toBeNull()
  compareWith(same, asked, replica, pending)
  expect(pending.updates()).toEqual([elsewhere])
})

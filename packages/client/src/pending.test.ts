import 'fake-indexeddb/auto'
import { describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { indexedDbStore } from './indexeddb.ts'
import { memoryStore, type OutboxStore } from './outbox.ts'
import { Pending } from './pending.ts'

const update = (text: string): Uint8Array => {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

let users = 0
const stores: [string, () => OutboxStore][] = [
  ['memory', memoryStore],
  ['IndexedDB', () => indexedDbStore(`user-${users++}`)],
]

describe.each(stores)('an outbox in %s', (_name, open) => {
  test('keeps what is not settled for the next session, by document and epoch', async () => {
    const store = open()
    const first = new Pending(store, 'doc', 'e1', () => {})
    const updates = [update('a'), update('b'), update('c')]
    for (const each of updates) first.add(each)
    await vi.waitFor(() => expect(first.persisted).toBe(true))
    first.settle(1)
    await vi.waitFor(async () => expect(await store.load('doc', 'e1')).toHaveLength(2))
    const second = new Pending(store, 'doc', 'e1', () => {})
    expect(await second.load()).toEqual(updates.slice(1))
    expect(second.count).toBe(2)
    expect(await new Pending(store, 'doc', 'e2', () => {}).load()).toEqual([])
    expect(await new Pending(store, 'other', 'e1', () => {}).load()).toEqual([])
  })

  test('an update that is settled while it is being written leaves nothing behind', async () => {
    const store = open()
    const pending = new Pending(store, 'doc', 'e1', () => {})
    pending.settle(pending.add(update('a')))
    expect(pending.count).toBe(0)
    await vi.waitFor(() => expect(pending.persisted).toBe(true))
    expect(await store.load('doc', 'e1')).toEqual([])
  })
})

test('what came before is sent before what is typed while the store opens', async () => {
  const store = memoryStore()
  await store.add('doc', 'e1', update('old'))
  const pending = new Pending(store, 'doc', 'e1', () => {})
  pending.add(update('new'))
  await pending.load()
  const [message] = pending.messages()
  expect(message?.number).toBe(pending.messages().at(-1)?.number)
  const doc = new Y.Doc()
  if (message) Y.applyUpdate(doc, message.update)
  expect(doc.getText('t').length).toBe(6)
})

test('a store that fails is not called kept', async () => {
  const broken: OutboxStore = {
    load: () => Promise.reject(new Error('closed')),
    add: () => Promise.reject(new Error('full')),
    remove: () => Promise.resolve(),
  }
  const pending = new Pending(broken, 'doc', 'e1', () => {})
  expect(await pending.load()).toEqual([])
  pending.add(update('a'))
  await vi.waitFor(() => expect(pending.count).toBe(1))
  expect(pending.persisted).toBe(false)
})

test('edits of a document whose epoch is not known are not called kept', () => {
  const pending = new Pending(memoryStore(), 'doc', null, () => {})
  expect(pending.persisted).toBe(true)
  pending.add(update('a'))
  expect(pending.persisted).toBe(false)
})

test('knowing the epoch keeps what was made before, once', async () => {
  const store = memoryStore()
  await store.add('doc', 'e1', update('old'))
  const pending = new Pending(store, 'doc', null, () => {})
  pending.add(update('new'))
  expect(await pending.adopt('e1')).toHaveLength(1)
  await vi.waitFor(() => expect(pending.persisted).toBe(true))
  expect(await store.load('doc', 'e1')).toHaveLength(2)
  expect(pending.count).toBe(2)
})

test('messages fold many small updates, and not two large ones', () => {
  const pending = new Pending(undefined, 'doc', 'e1', () => {})
  for (let index = 0; index < 250; index++) pending.add(update('a'))
  expect(pending.messages()).toHaveLength(3)
  for (let index = 0; index < 3; index++) pending.add(update('x'.repeat(700_000)))
  expect(pending.messages()).toHaveLength(5)
  expect(pending.messages().at(-1)?.number).toBe(253)
})

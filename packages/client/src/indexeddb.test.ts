import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import { indexedDbStore } from './indexeddb.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

test('an outbox of the first version keeps its edits, and can hold copies from then on', async () => {
  const before = await openDB('outbox-early', 1, {
    upgrade(db) {
      db.createObjectStore('updates', { autoIncrement: true }).createIndex('document', ['document', 'epoch'])
    },
  })
  await before.add('updates', { document: 'doc', epoch: 'e1', update: bytes(1) })
  await before.add('updates', { document: 'doc', epoch: 'e1', update: bytes(2) })
  before.close()
  const store = indexedDbStore('early')
  const rows = await store.load('doc', 'e1')
  expect(rows.map(({ update }) => update)).toEqual([bytes(1), bytes(2)])
  const copy = {
    id: 'c',
    document: 'doc',
    epoch: 'e1',
    at: 1,
    reason: 'read-only',
    detail: '',
    count: 2,
    whole: true,
    about: null,
    state: bytes(3),
  } as const
  await store.setAside(
    copy,
    rows.map(({ id }) => id),
  )
  expect(await store.load('doc', 'e1')).toEqual([])
  expect(await store.copies()).toEqual([copy])
})

test('a tab of an earlier version makes room for the newer one', async () => {
  const early = await openDB('outbox-open', 1, {
    upgrade(db) {
      db.createObjectStore('updates', { autoIncrement: true }).createIndex('document', ['document', 'epoch'])
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
  await early.add('updates', { document: 'doc', epoch: 'e1', update: bytes(1) })
  expect(await indexedDbStore('open').load('doc', 'e1')).toHaveLength(1)
})

test('what is set aside is set aside as a whole or not at all', async () => {
  const store = indexedDbStore('whole')
  const [id = 0] = await store.add('doc', 'e1', [bytes(1)])
  const copy = { about: () => {}, id: 'c', document: 'doc' } as never
  await expect(store.setAside(copy, [id])).rejects.toThrow()
  expect(await store.load('doc', 'e1')).toHaveLength(1)
  expect(await store.copies()).toEqual([])
})

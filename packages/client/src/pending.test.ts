import 'fake-indexeddb/auto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem, socketLimits } from '@realtime/contracts'
import { afterAll, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { copyOf } from './copies.ts'
import { type FileStore, fileStore } from './file.ts'
import { indexedDbStore } from './indexeddb.ts'
import { memoryStore, type OutboxStore } from './outbox.ts'
import { Pending } from './pending.ts'

const docOf = (text: string): Y.Doc => {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, text)
  return doc
}
const update = (text: string): Uint8Array => Y.encodeStateAsUpdate(docOf(text))
const updatesOf = (rows: { update: Uint8Array }[]): Uint8Array[] => rows.map((row) => row.update)
const copy = (document: string, more: { id?: string; whole?: boolean } = {}) => {
  const made = { document, epoch: 'e1', problem: new Problem('read-only'), count: 2, about: { title: 'T' } }
  return { ...copyOf(docOf('text'), made), ...more }
}

let users = 0
const files: FileStore[] = []
afterAll(async () => {
  for (const file of files) await file.close()
})

async function openFile(): Promise<OutboxStore> {
  const file = await fileStore(join(await mkdtemp(join(tmpdir(), 'outbox-')), 'outbox'))
  files.push(file)
  return file
}

const stores: [string, () => Promise<OutboxStore>][] = [
  ['memory', async () => memoryStore()],
  ['IndexedDB', async () => indexedDbStore(`user-${users++}`)],
  ['a file', openFile],
]

describe.each(stores)('an outbox in %s', (_name, open) => {
  test('keeps what is not settled for the next session, by document and epoch', async () => {
    const store = await open()
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
    await store.add('doc', 'e2', [update('d'), update('e')])
    expect((await store.epochs('doc')).sort()).toEqual(['e1', 'e2'])
    expect(await store.epochs('do')).toEqual([])
  })

  test('an update that is settled while it is being written leaves nothing behind', async () => {
    const store = await open()
    const pending = new Pending(store, 'doc', 'e1', () => {})
    pending.settle(pending.add(update('a')))
    pending.add(update('b'))
    expect(pending.count).toBe(1)
    await vi.waitFor(async () => {
      expect(pending.persisted).toBe(true)
      expect(updatesOf(await store.load('doc', 'e1'))).toEqual(pending.updates())
    })
  })

  test('nothing is on its way into the store once it has settled', async () => {
    const store = await open()
    const pending = new Pending(store, 'doc', 'e1', () => {})
    pending.settle(pending.add(update('a')))
    await pending.settled()
    expect(await store.epochs('doc')).toEqual([])
    pending.add(update('b'))
    await pending.settled()
    expect(await store.epochs('doc')).toEqual(['e1'])
  })

  test('keeps what edits stand on, and forgets it', async () => {
    const store = await open()
    expect(await store.loadBase('doc', 'e1')).toBeNull()
    await store.keepBase('doc', 'e1', { state: update('old'), about: null })
    const base = { state: update('base'), about: { title: 'T' } }
    await store.keepBase('doc', 'e1', base)
    expect(await store.loadBase('doc', 'e1')).toEqual(base)
    expect(await store.loadBase('doc', 'e2')).toBeNull()
    await store.keepBase('doc', 'e1', null)
    expect(await store.loadBase('doc', 'e1')).toBeNull()
  })

  test('sets edits aside as a copy in place of them, and keeps it until it is forgotten', async () => {
    const store = await open()
    const [one, two] = await store.add('doc', 'e1', [update('a'), update('b')])
    const [first, second] = [copy('doc'), copy('other')]
    await store.setAside(first, [one ?? 0])
    await store.setAside(second, [])
    expect((await store.load('doc', 'e1')).map((row) => row.id)).toEqual([two])
    expect(await store.copies('doc')).toEqual([first])
    expect((await store.copies()).map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
    await store.setAside({ ...first, count: 3 }, [two ?? 0])
    expect(await store.copies('doc')).toEqual([{ ...first, count: 3 }])
    await store.forget(first.id)
    expect(await store.copies()).toEqual([second])
  })

  test('a copy that is not whole, of edits that somebody else has set aside, is not a second one', async () => {
    const store = await open()
    const [id = 0] = await store.add('doc', 'e1', [update('a')])
    await store.setAside(copy('doc', { id: 'first', whole: false }), [id])
    await store.setAside(copy('doc', { id: 'second', whole: false }), [id])
    await store.setAside(copy('doc', { id: 'third' }), [id])
    expect((await store.copies('doc')).map((each) => each.id)).toEqual(['first', 'third'])
  })
})

const broken = (): OutboxStore => ({
  ...memoryStore(),
  load: () => Promise.reject(new Error('closed')),
  add: () => Promise.reject(new Error('full')),
  setAside: () => Promise.reject(new Error('full')),
})

test('a store that fails is not called kept', async () => {
  const changed = vi.fn()
  const pending = new Pending(broken(), 'doc', 'e1', changed)
  expect(await pending.load()).toEqual([])
  pending.add(update('a'))
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2))
  expect(pending).toMatchObject({ count: 1, persisted: false })
})

test('what could not be written is written with the next update', async () => {
  const store = memoryStore()
  const add = store.add
  store.add = () => Promise.reject(new Error('full'))
  const changed = vi.fn()
  const pending = new Pending(store, 'doc', 'e1', changed)
  pending.add(update('a'))
  await vi.waitFor(() => expect(changed).toHaveBeenCalled())
  expect(pending.persisted).toBe(false)
  store.add = add
  pending.add(update('b'))
  await vi.waitFor(() => expect(pending.persisted).toBe(true))
  expect(updatesOf(await store.load('doc', 'e1'))).toEqual(pending.updates())
})

test('what is added while a write is under way goes in one', async () => {
  const store = memoryStore()
  const add = vi.spyOn(store, 'add')
  const pending = new Pending(store, 'doc', 'e1', () => {})
  for (let index = 0; index < 100; index++) pending.add(update('a'))
  await vi.waitFor(() => expect(pending.persisted).toBe(true))
  expect(await store.load('doc', 'e1')).toHaveLength(100)
  expect(add.mock.calls.length).toBeLessThanOrEqual(2)
})

test('edits of a document whose epoch is not known are not called kept', () => {
  const pending = new Pending(memoryStore(), 'doc', null, () => {})
  expect(pending.persisted).toBe(true)
  pending.add(update('a'))
  expect(pending.persisted).toBe(false)
})

test('knowing the epoch keeps what was made before, once', async () => {
  const store = memoryStore()
  await store.add('doc', 'e1', [update('old')])
  const pending = new Pending(store, 'doc', null, () => {})
  pending.add(update('new'))
  const adopted = pending.adopt('e1')
  expect(pending.loading).toBe(true)
  expect(await adopted).toHaveLength(1)
  expect(pending.loading).toBe(false)
  await vi.waitFor(() => expect(pending.persisted).toBe(true))
  expect(await store.load('doc', 'e1')).toHaveLength(2)
  expect(pending.count).toBe(2)
})

test('what an earlier session left and what is typed meanwhile are in order', async () => {
  const store = memoryStore()
  await store.add('doc', 'e1', [update('old')])
  const pending = new Pending(store, 'doc', 'e1', () => {})
  pending.add(update('new'))
  await pending.load()
  const message = pending.next(0, socketLimits.message, true)
  expect(message).toMatchObject({ first: 1, number: 2 })
  const doc = new Y.Doc()
  if (message) Y.applyUpdate(doc, message.update)
  expect(doc.getText('t').length).toBe(6)
})

test('a message folds many small updates, and no more bytes than there is room for', () => {
  const pending = new Pending(undefined, 'doc', 'e1', () => {})
  const small = update('a')
  for (let index = 0; index < 700; index++) pending.add(small)
  const take = (after: number, room = socketLimits.message, alone = false) => {
    const message = pending.next(after, room, alone)
    return message && [message.first, message.number]
  }
  expect(take(0)).toEqual([1, 500])
  expect(take(500)).toEqual([501, 700])
  expect(take(700)).toBeNull()
  const one = small.length
  expect(take(0, 3 * one)).toEqual([1, 3])
  expect(take(0, one - 1)).toBeNull()
  expect(take(0, one - 1, true)).toEqual([1, 1])
  for (let index = 0; index < 3; index++) pending.add(update('x'.repeat(700_000)))
  expect(take(700)).toEqual([701, 701])
  pending.settle(702)
  expect(take(0)).toEqual([703, 703])
})

describe('setting aside', () => {
  const describing = (count: number) => ({ ...copy('doc'), count })

  test('takes what is from a number on, and what is nowhere else', async () => {
    const store = memoryStore()
    const pending = new Pending(store, 'doc', 'e1', () => {})
    for (const text of ['a', 'b', 'c']) pending.add(update(text))
    const made = await pending.setAside(2, describing)
    expect(made).toMatchObject({ count: 2 })
    expect(pending).toMatchObject({ count: 1, persisted: true })
    expect(updatesOf(await store.load('doc', 'e1'))).toEqual(pending.updates())
    expect(await store.copies()).toHaveLength(1)
    expect(await pending.setAside(2, describing)).toBeNull()
  })

  test('takes what is added while earlier edits are being written, too', async () => {
    const store = memoryStore()
    const pending = new Pending(store, 'doc', null, () => {})
    pending.add(update('a'))
    expect(await pending.setAside(0, describing)).toMatchObject({ count: 1 })
    expect(pending).toMatchObject({ count: 0, persisted: true })
  })

  test('that fails changes nothing', async () => {
    const pending = new Pending(broken(), 'doc', 'e1', () => {})
    pending.add(update('a'))
    expect(await pending.setAside(0, describing)).toBeNull()
    expect(pending).toMatchObject({ count: 1, persisted: false })
    const without = new Pending(undefined, 'doc', 'e1', () => {})
    without.add(update('a'))
    expect(await without.setAside(0, describing)).toBeNull()
    expect(without).toMatchObject({ count: 1, persisted: false })
  })
})

import { socketLimits } from '@realtime/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { divide, FOLD, type Foldable, fold } from './folding.ts'
import { memoryStore } from './outbox.ts'
import type { Provider } from './provider.ts'
import { saveState } from './state.ts'
import { openClients, refusal, startRoom, type TestRoom, until } from './testing.ts'
import { BINARY_EVENT } from './wire/index.ts'

const entry = (update: Uint8Array): Foldable => ({ update, together: FOLD.edits, weight: null })

/** An update of so many structs, each by itself. */
function scattered(structs: number): Uint8Array {
  const doc = new Y.Doc()
  const text = doc.getText('t')
  doc.transact(() => {
    for (let index = 0; index < structs; index++) text.insert(0, 'x')
  })
  return Y.encodeStateAsUpdate(doc)
}

describe('what goes in one message', () => {
  const all = (entries: Foldable[], start = 0) => fold(entries, start, socketLimits.message, false).length

  test('writes under no more client ids than half of what the server takes', () => {
    const entries = Array.from({ length: 300 }, () => entry(scattered(1)))
    expect(all(entries)).toBe(FOLD.clientIds)
    expect(all(entries, 250)).toBe(50)
    // The same id again is none more.
    const again = entries.slice(0, FOLD.clientIds).flatMap((one) => [one, entry(one.update)])
    expect(all(again)).toBe(2 * FOLD.clientIds)
  })

  test('has no more structs and deletions than half of what the server takes', () => {
    const much = scattered(33_000)
    expect(all([much, much, much].map(entry))).toBe(2)
    const doc = new Y.Doc()
    Y.applyUpdate(doc, much)
    const before = Y.encodeStateVector(doc)
    doc.transact(() => {
      for (let index = 0; index < 10_000; index++) doc.getText('t').delete(index, 1)
    })
    const deletions = Y.encodeStateAsUpdate(doc, before)
    expect(all([much, much, deletions].map(entry))).toBe(2)
    expect(all([much, deletions, scattered(1)].map(entry))).toBe(3)
  })

  test('is a single edit however much it has', () => {
    expect(all([entry(scattered(80_000)), entry(scattered(1))])).toBe(1)
  })

  test('is less and less of what was refused, down to single edits', () => {
    const entries = Array.from({ length: 600 }, () => entry(new Uint8Array([0, 0])))
    const sizes: number[] = []
    for (let part = fold(entries, 0, 1_000, true); ; part = fold(entries, 0, 1_000, true)) {
      sizes.push(part.length)
      if (!divide(part)) break
    }
    expect(sizes).toEqual([500, 62, 7, 1])
    // The others are no part of that.
    expect(all(entries, 500)).toBe(100)
  })
})

describe('a message that the server refuses', () => {
  let room: TestRoom
  const clients = openClients()
  const saved = (provider: Provider) => until(() => expect(saveState(provider.state).kind).toBe('saved'))
  const text = (doc: Y.Doc): Y.Text => doc.getText('t')

  beforeEach(async () => {
    room = await startRoom()
  })
  afterEach(async () => {
    clients.close()
    await room.stop()
  })

  /** A room that refuses updates of which it cannot take a part. */
  function refuseWhere(key: 'payload-too-large' | 'invalid-update', bad: (update: Uint8Array) => boolean): void {
    room.handle = (message, socket) => {
      const refused = message.type === 'update' && bad(message.update)
      if (refused) socket.emit(BINARY_EVENT, refusal(message.number, key))
      return refused
    }
  }

  test('because its edits are too much together is saved all the same', async () => {
    const store = memoryStore()
    refuseWhere('payload-too-large', (update) => Y.decodeUpdate(update).structs.length > 10)
    const provider = clients.join(room, { store })
    for (let index = 0; index < 100; index++) text(provider.doc).insert(0, 'x')
    await saved(provider)
    expect(text(room.doc).length).toBe(100)
    expect(provider.state).toMatchObject({ copies: 0, setAside: null, problem: null })
    expect(await store.copies()).toEqual([])
    await until(async () => expect(await store.load('doc', 'e1')).toEqual([]))
  })

  test('for one of its edits saves those before it, and sets aside from that one on', async () => {
    const store = memoryStore()
    refuseWhere('invalid-update', (update) =>
      Y.decodeUpdate(update).structs.some(
        (struct) =>
          struct instanceof Y.Item && struct.content instanceof Y.ContentString && /!/.test(struct.content.str),
      ),
    )
    const provider = clients.join(room, { store })
    for (const words of ['a', 'b', 'c', '!', 'd']) text(provider.doc).insert(text(provider.doc).length, words)
    await until(() => expect(provider.state).toMatchObject({ phase: 'refused', setAside: { count: 2 } }))
    await saved(clients.join(room, { store }))
    expect(text(room.doc).toString()).toBe('abc')
    expect(await store.copies()).toMatchObject([{ reason: 'invalid-update', count: 2 }])
  })

  test('for what one may do is not sent again in parts', async () => {
    const store = memoryStore()
    const provider = clients.join(room, { store })
    await saved(provider)
    room.handle = (message, socket) => {
      if (message.type === 'update') socket.emit(BINARY_EVENT, refusal(message.number, 'read-only'))
      return message.type === 'update'
    }
    for (let index = 0; index < 20; index++) text(provider.doc).insert(0, 'x')
    await until(() => expect(provider.state).toMatchObject({ phase: 'refused', setAside: { count: 20 } }))
    expect(room.messages.filter(({ type }) => type === 'join')).toHaveLength(1)
  })
})

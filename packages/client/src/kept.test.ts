import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { memoryStore, type OutboxStore } from './outbox.ts'
import { Pending } from './pending.ts'
import { type Provider, whenSaved } from './provider.ts'
import { saveState } from './state.ts'
import { openClients, startRoom, type TestRoom, until } from './testing.ts'

function update(words: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, words)
  return Y.encodeStateAsUpdate(doc)
}

/** An outbox that holds one edit and cannot be read until `readable` says so, and how often that was tried. */
async function unreadable() {
  const kept = memoryStore()
  const earlier = update('earlier ')
  await kept.add('doc', 'e1', [earlier])
  const load = vi.fn(kept.load)
  const broken = (): void => void load.mockRejectedValue(new Error('the disk is gone'))
  broken()
  const store: OutboxStore = { ...kept, load }
  return { store, kept, load, earlier, readable: () => void load.mockImplementation(kept.load) }
}

describe('what cannot be read at first', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('is read later, once, and none of it is taken for what was written meanwhile', async () => {
    const { store, kept, load, earlier, readable } = await unreadable()
    const pending = new Pending(store, 'doc', 'e1', () => {})
    const taken = vi.fn()
    expect(await pending.load(taken)).toEqual([])
    expect(pending).toMatchObject({ loading: true, unread: false, persisted: false })
    const own = update('own')
    pending.add(own)
    await vi.advanceTimersByTimeAsync(300)
    // A write that goes well says nothing of what is still to be read.
    expect(await kept.load('doc', 'e1')).toHaveLength(2)
    expect(pending).toMatchObject({ count: 1, loading: true, persisted: false })
    readable()
    const settled = pending.add(update('settled'))
    await vi.advanceTimersByTimeAsync(500)
    expect(taken.mock.calls).toEqual([[[earlier]]])
    expect(pending).toMatchObject({ count: 3, loading: false, unread: false, persisted: true })
    expect(pending.updates()).toEqual([own, expect.anything(), earlier])
    pending.settle(settled)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledTimes(3)
    expect(pending.updates()).toEqual([earlier])
  })

  test('is said to be unread after some attempts, and tried on with growing pauses', async () => {
    const { store, kept, load, readable } = await unreadable()
    const changed = vi.fn()
    const pending = new Pending(store, 'doc', 'e1', changed)
    void pending.load()
    await vi.advanceTimersByTimeAsync(1_700)
    expect(load).toHaveBeenCalledTimes(3)
    expect(pending).toMatchObject({ loading: true, unread: false })
    changed.mockClear()
    await vi.advanceTimersByTimeAsync(100)
    expect(pending).toMatchObject({ loading: true, unread: true, persisted: false })
    expect(changed).toHaveBeenCalled()
    pending.add(update('own'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await kept.load('doc', 'e1')).toHaveLength(2)
    expect(pending).toMatchObject({ count: 1, unread: true, persisted: false })
    expect(load.mock.calls.length).toBeGreaterThan(8)
    expect(load.mock.calls.length).toBeLessThan(13)
    readable()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(pending).toMatchObject({ count: 2, loading: false, unread: false, persisted: true })
  })

  test('is unread, too, when there is no answer', async () => {
    const { store, kept, load } = await unreadable()
    let answer = (): void => {}
    load.mockImplementation(
      (...names) => new Promise((resolve) => (answer = () => void kept.load(...names).then(resolve))),
    )
    const pending = new Pending(store, 'doc', 'e1', () => {})
    void pending.load()
    await vi.advanceTimersByTimeAsync(9_000)
    expect(pending).toMatchObject({ loading: true, unread: false })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(pending).toMatchObject({ loading: true, unread: true, persisted: false })
    answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(pending).toMatchObject({ count: 1, loading: false, unread: false, persisted: true })
    expect(load).toHaveBeenCalledTimes(1)
  })

  test('is unread, too, when it is there and cannot be shown', async () => {
    const { store, load, readable } = await unreadable()
    readable()
    const pending = new Pending(store, 'doc', 'e1', () => {})
    await pending.load(() => {
      throw new RangeError('no update')
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(pending).toMatchObject({ count: 1, loading: true, unread: true, persisted: false })
    expect(load).toHaveBeenCalledTimes(1)
  })

  test('is not tried any more once nobody waits for it', async () => {
    const { store, load } = await unreadable()
    const pending = new Pending(store, 'doc', 'e1', () => {})
    await pending.load()
    pending.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledTimes(1)
  })
})

describe('a provider whose outbox cannot be read', () => {
  let room: TestRoom
  const clients = openClients()
  const kindOf = (provider: Provider): string => saveState(provider.state).kind
  const type = (provider: Provider, words: string): void => provider.doc.getText('t').insert(0, words)

  beforeEach(async () => {
    room = await startRoom()
  })
  afterEach(async () => {
    clients.close()
    await room.stop()
  })

  test('never says saved until what an earlier session left is on the server', async () => {
    const { store, kept, readable } = await unreadable()
    const provider = clients.join(room, { store })
    const kinds = new Set<string>()
    provider.subscribe(() => void kinds.add(kindOf(provider)))
    const waiting = whenSaved(provider).then(() => room.doc.getText('t').toString())
    type(provider, 'own ')
    await until(() => expect(provider.state).toMatchObject({ phase: 'online', pending: 0, loading: true }))
    expect([...kinds]).not.toContain('saved')
    readable()
    expect(['own earlier ', 'earlier own ']).toContain(await waiting)
    await until(async () => expect(await kept.load('doc', 'e1')).toEqual([]))
    expect(provider.state).toMatchObject({ loading: false, unread: false, persisted: true })
  })

  test('for good lets one work all the same, and says what is not known', async () => {
    const { store, kept } = await unreadable()
    const provider = clients.join(room, { store })
    const kinds = new Set<string>()
    provider.subscribe(() => void kinds.add(kindOf(provider)))
    await until(() => expect(kindOf(provider)).toBe('unread'))
    type(provider, 'own')
    expect(kindOf(provider)).toBe('saving')
    await until(() => expect(provider.state.pending).toBe(0))
    expect(room.doc.getText('t').toString()).toBe('own')
    expect(kindOf(provider)).toBe('unread')
    expect([...kinds]).not.toContain('saved')
    const late = { key: 'timeout', message: 'What was kept on this device cannot be read.' }
    await expect(whenSaved(provider, 50)).rejects.toMatchObject(late)
    // It waits for whoever can read it.
    expect(await kept.load('doc', 'e1')).toHaveLength(1)
  })

  test('because there is none lets one work all the same', async () => {
    const none = (): Promise<never> => Promise.reject(new Error('indexedDB is not defined'))
    const store: OutboxStore = {
      load: none,
      epochs: none,
      add: none,
      remove: none,
      keepBase: none,
      loadBase: none,
      setAside: none,
      copies: none,
      forget: none,
    }
    const provider = clients.join(room, { store })
    type(provider, 'own')
    await until(() => expect(room.doc.getText('t').toString()).toBe('own'))
    await until(() => expect(kindOf(provider)).toBe('unread'))
    expect(provider.state).toMatchObject({ phase: 'online', pending: 0, persisted: false })
  })
})

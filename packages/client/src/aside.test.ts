import { Problem, type ProblemKey, socketLimits } from '@realtime/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { fragmentsOf, type PrivateCopy, setAsideKept } from './copies.ts'
import { memoryStore, type OutboxStore } from './outbox.ts'
import type { Provider } from './provider.ts'
import { saveState } from './state.ts'
import { openClients, refusal, startRoom, type TestRoom, until } from './testing.ts'
import { BINARY_EVENT } from './wire/index.ts'

let room: TestRoom
let store: OutboxStore
const clients = openClients()
const online = (provider: Provider) => until(() => expect(provider.state.phase).toBe('online'))
const saved = (provider: Provider) => until(() => expect(saveState(provider.state).kind).toBe('saved'))
const aside = (provider: Provider) =>
  until(() => expect(provider.state).toMatchObject({ phase: 'refused', pending: 0, setAside: {} }))
const text = (doc: Y.Doc): Y.Text => doc.getText('t')
const type = (provider: Provider, words: string): void => text(provider.doc).insert(text(provider.doc).length, words)
const sent = () => room.messages.flatMap((message) => (message.type === 'update' ? [message] : []))
const about = () => ({ title: 'Notes' })

beforeEach(async () => {
  room = await startRoom()
  text(room.doc).insert(0, 'Shared. ')
  store = memoryStore()
})
afterEach(async () => {
  clients.close()
  await room.stop()
})

/** What a copy shows. */
function shown(copy: PrivateCopy | undefined): string {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, copy?.state ?? new Uint8Array([0, 0]))
  return text(doc).toString()
}

async function onlyCopy(): Promise<PrivateCopy | undefined> {
  const copies = await store.copies('doc')
  expect(copies).toHaveLength(1)
  return copies[0]
}

function refuseUpdates(key: ProblemKey): void {
  room.handle = (message, socket) => {
    if (message.type === 'update') socket.emit(BINARY_EVENT, refusal(message.number, key))
    return message.type === 'update'
  }
}

describe('what the server refuses for good becomes a private copy', () => {
  const keys: ProblemKey[] = ['read-only', 'not-found', 'epoch-changed', 'invalid-update', 'foreign-client-id']
  test.each([...keys, 'payload-too-large', 'forbidden'] as ProblemKey[])('%s', async (key) => {
    const provider = clients.join(room, { store, about })
    await online(provider)
    refuseUpdates(key)
    type(provider, 'Mine.')
    await aside(provider)
    expect(provider.state).toMatchObject({ problem: { key }, persisted: true, copies: 1 })
    expect(provider.state.setAside).not.toHaveProperty('state')
    const copy = await onlyCopy()
    expect(copy).toMatchObject({
      document: 'doc',
      epoch: 'e1',
      reason: key,
      detail: new Problem(key).message,
      count: 1,
      whole: true,
      about: { title: 'Notes' },
    })
    expect(shown(copy)).toBe('Shared. Mine.')
    expect(await store.load('doc', 'e1')).toEqual([])
    expect(text(room.doc).toString()).toBe('Shared. ')
    // A fresh replica shows the server's truth, and has nothing to send.
    room.handle = () => false
    const fresh = clients.join(room, { store })
    await saved(fresh)
    expect(text(fresh.doc).toString()).toBe('Shared. ')
    expect(fresh.state).toMatchObject({ setAside: null, copies: 0 })
  })

  test('a refused join takes what was typed offline, and everything typed later goes to the same copy', async () => {
    const provider = clients.join(room, { store })
    await online(provider)
    room.refuseHandshake = 'not-found'
    room.cut()
    await until(() => expect(provider.state.phase).not.toBe('online'))
    type(provider, 'One. ')
    await aside(provider)
    type(provider, 'Two.')
    await until(async () => expect(await onlyCopy()).toMatchObject({ count: 2 }))
    expect(shown(await onlyCopy())).toBe('Shared. One. Two.')
    await until(() => expect(provider.state).toMatchObject({ pending: 0, copies: 1, setAside: { count: 2 } }))
    provider.retry()
    expect(provider.state.phase).toBe('refused')
  })

  test('an update too large for the server is not even sent, and takes only what follows it along', async () => {
    const provider = clients.join(room, { store })
    await online(provider)
    type(provider, 'Small. ')
    type(provider, 'x'.repeat(socketLimits.update))
    type(provider, 'After.')
    await until(() => expect(provider.state).toMatchObject({ phase: 'refused', pending: 0, setAside: { count: 2 } }))
    expect(sent()).toHaveLength(1)
    expect(provider.state).toMatchObject({ persisted: true, problem: { key: 'payload-too-large' } })
    expect(shown(await onlyCopy())).toHaveLength('Shared. Small. After.'.length + socketLimits.update)
    expect(text(room.doc).toString()).toBe('Shared. Small. ')
  })

  test('what follows a refused edit goes with it, and what was sent before it stays', async () => {
    const provider = clients.join(room, { store })
    await online(provider)
    room.handle = (message, socket) => {
      if (message.type === 'update' && message.number > 1)
        socket.emit(BINARY_EVENT, refusal(message.number, 'invalid-update'))
      return message.type === 'update'
    }
    for (const words of ['a', 'b', 'c']) type(provider, words)
    await until(() => expect(provider.state).toMatchObject({ pending: 1, setAside: { count: 2 } }))
    expect(await store.load('doc', 'e1')).toHaveLength(1)
    // What came before is saved by the next session.
    room.handle = () => false
    await saved(clients.join(room, { store }))
    expect(text(room.doc).toString()).toBe('Shared. a')
    expect(await store.copies()).toHaveLength(1)
  })

  test('what was written under a client id that turns out to be somebody else’s', async () => {
    const provider = clients.join(room, { store })
    const first = provider.doc.clientID
    room.handle = (message, socket) => {
      const taken = message.type === 'join' && message.clientId === first
      const foreign = message.type === 'update' && Y.parseUpdateMeta(message.update).to.has(first)
      if (taken) socket.emit(BINARY_EVENT, refusal(0, 'client-id-taken'))
      if (foreign && message.type === 'update') socket.emit(BINARY_EVENT, refusal(message.number, 'foreign-client-id'))
      return taken || foreign
    }
    type(provider, 'Mine.')
    await aside(provider)
    expect(await onlyCopy()).toMatchObject({ reason: 'foreign-client-id', count: 1 })
    expect(shown(await onlyCopy())).toContain('Mine.')
    await saved(clients.join(room, { store }))
    expect(text(room.doc).toString()).toBe('Shared. ')
  })

  test('what is learnt elsewhere counts as well, while the socket does not get through', async () => {
    const provider = clients.join(room, { store })
    await online(provider)
    room.refuseHandshake = 'unavailable'
    room.cut()
    await until(() => expect(provider.state.phase).toBe('offline'))
    type(provider, 'Mine.')
    provider.refuse(new Problem('not-found'))
    await aside(provider)
    expect(await onlyCopy()).toMatchObject({ reason: 'not-found', count: 1 })
    const tokens = room.tokens.length
    provider.refuse(new Problem('not-found'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(room.tokens).toHaveLength(tokens)
    expect(await store.copies()).toHaveLength(1)
  })

  test('a refusal that passed before says nothing of what is refused for good', async () => {
    const provider = clients.join(room, { store })
    await online(provider)
    room.handle = (message, socket) => {
      if (message.type === 'update' && message.number > 1) {
        room.refuseHandshake = 'not-found'
        socket.emit(BINARY_EVENT, refusal(message.number, 'unavailable'))
      }
      return message.type === 'update'
    }
    for (const words of ['One. ', 'Two.']) type(provider, words)
    await until(() => expect(provider.state).toMatchObject({ phase: 'refused', pending: 0, setAside: { count: 2 } }))
    expect(await store.load('doc', 'e1')).toEqual([])
  })

  test('before the epoch is known, too', async () => {
    room.refuseHandshake = 'not-found'
    const provider = clients.join(room, { store, epoch: null })
    type(provider, 'Mine.')
    await aside(provider)
    expect(await onlyCopy()).toMatchObject({ epoch: '', count: 1 })
  })
})

describe('what cannot be set aside', () => {
  const unable = (): OutboxStore => ({ ...memoryStore(), setAside: () => Promise.reject(new Error('full')) })
  test.each([
    ['no store', undefined],
    ['a store that is full', unable()],
  ])('stays in memory, and the state says so: %s', async (_name, store) => {
    const provider = clients.join(room, store ? { store } : {})
    await online(provider)
    refuseUpdates('read-only')
    type(provider, 'Mine.')
    await until(() => expect(provider.state).toMatchObject({ phase: 'refused', pending: 1, persisted: false }))
    expect(provider.state).toMatchObject({ setAside: null, copies: 0 })
    expect(saveState(provider.state)).toMatchObject({ kind: 'failed', count: 1 })
    // It is all there for another attempt.
    room.handle = () => false
    provider.retry()
    await saved(provider)
    expect(text(room.doc).toString()).toBe('Shared. Mine.')
  })
})

describe('a change of what one may do', () => {
  test('down and up again needs no new connection, and loses nothing', async () => {
    const provider = clients.join(room, { store })
    await saved(provider)
    room.allow('read')
    await until(() => expect(provider.state).toMatchObject({ phase: 'online', permission: 'read' }))
    expect(saveState(provider.state).kind).toBe('saved')
    room.allow('write')
    await until(() => expect(provider.state).toMatchObject({ phase: 'online', permission: 'write' }))
    type(provider, 'Mine.')
    await saved(provider)
    expect(text(room.doc).toString()).toBe('Shared. Mine.')
    expect(room.tokens).toHaveLength(1)
    expect(await store.copies()).toEqual([])
  })

  test('down, with edits on their way: they are refused, and kept as one copy', async () => {
    const provider = clients.join(room, { store })
    await saved(provider)
    room.handle = (message, socket) => {
      if (message.type !== 'update') return false
      if (room.permission === 'write') room.allow('read')
      socket.emit(BINARY_EVENT, refusal(message.number, 'read-only'))
      return true
    }
    for (const words of ['One. ', 'Two. ', 'Three.']) type(provider, words)
    await aside(provider)
    expect(provider.state).toMatchObject({ permission: 'read', problem: { key: 'read-only' }, copies: 1 })
    const copy = await onlyCopy()
    expect(copy).toMatchObject({ count: 3, reason: 'read-only' })
    expect(shown(copy)).toBe('Shared. One. Two. Three.')
    expect(text(room.doc).toString()).toBe('Shared. ')
  })

  test('down while offline: the join says it, nothing is sent, and what had been committed is no loss', async () => {
    const provider = clients.join(room, { store })
    await saved(provider)
    room.handle = (message) => {
      if (message.type === 'update') Y.applyUpdate(room.doc, message.update)
      return message.type === 'update'
    }
    type(provider, 'Committed. ')
    await until(() => expect(text(room.doc).toString()).toBe('Shared. Committed. '))
    room.handle = () => false
    room.permission = 'read'
    room.cut()
    await until(() => expect(provider.state.phase).toBe('offline'))
    type(provider, 'Offline.')
    const before = sent().length
    await aside(provider)
    expect(sent()).toHaveLength(before)
    expect(provider.state).toMatchObject({ problem: { key: 'read-only' }, permission: 'read', everSynced: true })
    expect(await onlyCopy()).toMatchObject({ count: 1 })
    expect(shown(await onlyCopy())).toBe('Shared. Committed. Offline.')
  })

  test('who may only read has nothing to save, whatever Yjs tidies up in the replica', async () => {
    const provider = clients.join(room, { store })
    await saved(provider)
    room.allow('read')
    await until(() => expect(provider.state.permission).toBe('read'))
    const seen = text(provider.doc)
    let upkeep = 0
    provider.doc.on('update', (_update: Uint8Array, origin: unknown) => {
      if (origin === null) upkeep++
    })
    // Two people make the same words bold at once: of the marks one pair is too much.
    const [one, two] = [new Y.Doc(), new Y.Doc()]
    for (const doc of [one, two]) Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
    for (const doc of [one, two]) text(doc).format(0, 6, { bold: true })
    for (const doc of [one, two]) {
      const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(room.doc))
      room.send(new Uint8Array([0x12, ...update]))
    }
    await until(() => expect(upkeep).toBeGreaterThan(0))
    expect(seen.toDelta()).toMatchObject([{ insert: 'Shared', attributes: { bold: true } }, { insert: '. ' }])
    expect(provider.state).toMatchObject({ phase: 'online', pending: 0 })
    expect(sent()).toEqual([])
  })
})

describe('edits that an earlier session left', () => {
  /** Edits of a document that holds `Shared. `, as an outbox keeps them. */
  async function leave(epoch: string, withBase: boolean): Promise<void> {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
    if (withBase) await store.keepBase('doc', epoch, { state: Y.encodeStateAsUpdate(doc), about: about() })
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => void updates.push(update))
    text(doc).insert(8, 'Left ')
    text(doc).insert(13, 'behind.')
    await store.add('doc', epoch, updates)
  }

  test('under an epoch that is over become a copy once the present one is known', async () => {
    await leave('e0', true)
    const provider = clients.join(room, { store })
    await until(() => expect(provider.state).toMatchObject({ phase: 'online', copies: 1, setAside: null }))
    const copy = await onlyCopy()
    expect(copy).toMatchObject({ epoch: 'e0', reason: 'epoch-changed', count: 2, whole: true, about: about() })
    expect(shown(copy)).toBe('Shared. Left behind.')
    expect(await store.epochs('doc')).toEqual([])
    expect(await store.loadBase('doc', 'e0')).toBeNull()
    expect(text(provider.doc).toString()).toBe('Shared. ')
  })

  test('without what they stand on are kept all the same, and what they wrote can be read', async () => {
    await leave('e0', false)
    const provider = clients.join(room, { store, about })
    await until(() => expect(provider.state.copies).toBe(1))
    const copy = await onlyCopy()
    expect(copy).toMatchObject({ whole: false, count: 2, about: about() })
    expect(shown(copy)).toBe('')
    expect(fragmentsOf(copy?.state ?? new Uint8Array())).toEqual(['Left behind.'])
    // With the rest of the document they would be whole.
    const doc = new Y.Doc()
    Y.applyUpdate(doc, copy?.state ?? new Uint8Array())
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
    expect(text(doc).toString()).toBe('Shared. Left behind.')
  })

  test('of a document that is gone become copies, of every epoch', async () => {
    await leave('e0', true)
    await leave('e1', true)
    room.refuseHandshake = 'not-found'
    const provider = clients.join(room, { store })
    await until(() => expect(provider.state).toMatchObject({ phase: 'refused', copies: 2 }))
    await until(async () => expect(await store.epochs('doc')).toEqual([]))
    expect((await store.copies()).map(({ reason }) => reason)).toEqual(['not-found', 'not-found'])
  })

  test('can be set aside without a provider, once', async () => {
    await leave('e1', true)
    const gone = new Problem('not-found')
    const made = await Promise.all([setAsideKept(store, 'doc', gone), setAsideKept(store, 'doc', gone)])
    expect(made.flat().length).toBeGreaterThan(0)
    for (const copy of await store.copies()) expect(shown(copy)).toBe('Shared. Left behind.')
    expect(await store.epochs('doc')).toEqual([])
    expect(await setAsideKept(store, 'doc', gone)).toEqual([])
  })

  test('that waited for a while have beside them what they stand on, until they are saved', async () => {
    const first = clients.join(room, { store, about })
    await saved(first)
    room.refuseHandshake = 'unavailable'
    room.cut()
    type(first, 'Waiting.')
    await until(async () => expect(await store.loadBase('doc', 'e1')).not.toBeNull())
    first.destroy()
    const base = await store.loadBase('doc', 'e1')
    expect(base?.about).toEqual(about())
    room.refuseHandshake = null
    const second = clients.join(room, { store })
    await saved(second)
    await until(async () => expect(await store.loadBase('doc', 'e1')).toBeNull())
    expect(text(room.doc).toString()).toBe('Shared. Waiting.')
  })
})

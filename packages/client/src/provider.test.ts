import { Problem, socketLimits } from '@realtime/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { memoryStore, type OutboxStore } from './outbox.ts'
import { type Provider, type ProviderOptions, whenSaved } from './provider.ts'
import { saveState } from './state.ts'
import { openClients, refusal, startRoom, type TestRoom, until } from './testing.ts'
import { BINARY_EVENT, write } from './wire/index.ts'

let room: TestRoom
const clients = openClients()

beforeEach(async () => {
  room = await startRoom()
})
afterEach(async () => {
  clients.close()
  await room.stop()
})

const join = (options: Partial<ProviderOptions> = {}): Provider => clients.join(room, options)
const phase = (provider: Provider, wanted: string) => until(() => expect(provider.state.phase).toBe(wanted))
const saved = (provider: Provider) => until(() => expect(saveState(provider.state).kind).toBe('saved'))
const textOf = (doc: Y.Doc): string => doc.getText('t').toString()
const type = (provider: Provider, text: string): void =>
  provider.doc.getText('t').insert(provider.doc.getText('t').length, text)
const sent = () => room.messages.filter((message) => message.type === 'update')

describe('taking part', () => {
  test('two people get what the document holds and what the other types', async () => {
    room.doc.getText('t').insert(0, 'before ')
    const [a, b] = [join(), join()]
    await Promise.all([phase(a, 'online'), phase(b, 'online')])
    expect([textOf(a.doc), textOf(b.doc)]).toEqual(['before ', 'before '])
    type(a, 'α')
    await until(() => expect(textOf(b.doc)).toBe('before α'))
    await saved(a)
    expect(a.state).toMatchObject({ pending: 0, everSynced: true, permission: 'write', problem: null })
    expect(b.state.pending).toBe(0)
  })

  test('what is typed before the join is answered is sent after it, in order and once', async () => {
    const provider = join({ epoch: null })
    room.handle = (message) => {
      if (message.type === 'join') type(provider, 'b')
      return false
    }
    type(provider, 'a')
    provider.subscribe(() => {
      if (provider.state.phase === 'online' && textOf(provider.doc) === 'ab') type(provider, 'c')
    })
    await until(() => expect(textOf(room.doc)).toBe('abc'))
    await saved(provider)
    const numbers = sent().map((message) => message.number)
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other))
    expect(room.doc.store.pendingStructs).toBeNull()
  })

  test('what the document held before the provider was made is not left behind', async () => {
    const doc = new Y.Doc()
    doc.getText('t').insert(0, 'early ')
    const provider = join({ doc })
    type(provider, 'late')
    await until(() => expect(textOf(room.doc)).toBe('early late'))
    await saved(provider)
    expect(room.doc.store.pendingStructs).toBeNull()
  })

  test('an update larger than a message travels in chunks', async () => {
    const provider = join()
    await phase(provider, 'online')
    type(provider, 'x'.repeat(3 * socketLimits.message))
    await until(() => expect(room.doc.getText('t').length).toBe(3 * socketLimits.message))
    await saved(provider)
  })

  test('a provider learns the epoch by joining, and keeps and finds edits under it from then on', async () => {
    const store = memoryStore()
    const earlier = new Y.Doc()
    earlier.getText('t').insert(0, 'kept')
    await store.add('doc', 'e1', [Y.encodeStateAsUpdate(earlier)])
    room.handle = (message) => message.type === 'join'
    const provider = join({ epoch: null, store })
    type(provider, ' new')
    await until(() => expect(room.messages).toHaveLength(1))
    expect(room.messages[0]).toMatchObject({ type: 'join', epoch: '' })
    expect(provider.state).toMatchObject({ pending: 1, persisted: false })
    room.handle = () => false
    provider.retry()
    await saved(provider)
    await until(async () => expect(await store.load('doc', 'e1')).toEqual([]))
    expect(textOf(room.doc)).toHaveLength(8)
    room.cut()
    await until(() => expect(room.messages.at(-1)).toMatchObject({ type: 'presence' }))
    await until(() => expect(room.messages.findLast(({ type }) => type === 'join')).toMatchObject({ epoch: 'e1' }))
  })
})

describe('losing the connection', () => {
  test('edits wait, are sent again in order, and nothing is lost or doubled', async () => {
    const provider = join()
    await phase(provider, 'online')
    // The server takes them, and the connection dies before it can say so.
    room.handle = (message) => {
      if (message.type === 'update') Y.applyUpdate(room.doc, message.update)
      return message.type === 'update'
    }
    type(provider, 'a')
    type(provider, 'b')
    await until(() => expect(sent()).toHaveLength(2))
    room.cut()
    await phase(provider, 'offline')
    expect(saveState(provider.state)).toMatchObject({ kind: 'offline', count: 2 })
    room.handle = () => false
    type(provider, 'c')
    await saved(provider)
    expect(textOf(room.doc)).toBe('abc')
    const numbers = sent().map((message) => message.number)
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
  })

  test('a watermark settles all up to it and no more', async () => {
    const provider = join({ store: memoryStore() })
    await phase(provider, 'online')
    room.handle = (message) => message.type === 'update'
    for (const letter of 'abc') type(provider, letter)
    await until(() => expect(sent()).toHaveLength(2))
    room.send(write.ack(2))
    await until(() => expect(provider.state.pending).toBe(1))
    expect(saveState(provider.state).kind).toBe('saving')
  })

  test('the outbox outlives the provider; the next one sends what it holds', async () => {
    const store = memoryStore()
    room.handle = (message) => message.type === 'update'
    const first = join({ store })
    await phase(first, 'online')
    for (const letter of 'abc') type(first, letter)
    await until(() => expect(first.state).toMatchObject({ pending: 3, persisted: true }))
    first.destroy()
    room.handle = () => false
    const second = join({ store })
    await until(() => expect(textOf(room.doc)).toBe('abc'))
    await saved(second)
    expect(textOf(second.doc)).toBe('abc')
    await until(async () => expect(await store.load('doc', 'e1')).toEqual([]))
  })

  test('a store that takes its time holds nothing up for long, and nothing in it is sent twice or forgotten', async () => {
    const kept = memoryStore()
    const earlier = new Y.Doc()
    earlier.getText('t').insert(0, 'kept')
    await kept.add('doc', 'e1', [Y.encodeStateAsUpdate(earlier)])
    let release = (): void => {}
    const opened = new Promise<void>((resolve) => {
      release = resolve
    })
    const store: OutboxStore = { ...kept, load: (...names) => opened.then(() => kept.load(...names)) }
    const provider = join({ store })
    type(provider, ' one')
    provider.retry()
    await until(() => expect(textOf(room.doc)).toBe(' one'))
    type(provider, ' two')
    await until(() => expect(textOf(room.doc)).toBe(' one two'))
    // Nobody knows yet what else there is to save.
    await until(() => expect(provider.state).toMatchObject({ phase: 'online', pending: 0, loading: true }))
    expect(saveState(provider.state).kind).toBe('saving')
    release()
    await until(() => expect(textOf(room.doc)).toHaveLength(12))
    await saved(provider)
    expect(sent()).toHaveLength(3)
    await until(async () => expect(await kept.load('doc', 'e1')).toEqual([]))
  })

  test('a provider that is destroyed at once does nothing to its document', async () => {
    const store = memoryStore()
    const earlier = new Y.Doc()
    earlier.getText('t').insert(0, 'kept')
    await store.add('doc', 'e1', [Y.encodeStateAsUpdate(earlier)])
    const doc = new Y.Doc()
    join({ doc, store }).destroy()
    const second = join({ doc, store })
    await saved(second)
    expect(textOf(room.doc)).toBe('kept')
    expect(sent()).toHaveLength(1)
    expect(room.tokens).toHaveLength(1)
  })
})

describe('being refused', () => {
  test('for good: nothing more is sent, everything is kept', async () => {
    const store = memoryStore()
    const provider = join({ store })
    await phase(provider, 'online')
    room.handle = (message, socket) => {
      if (message.type === 'update') socket.emit(BINARY_EVENT, refusal(message.number, 'protocol-mismatch'))
      return message.type === 'update'
    }
    type(provider, 'a')
    await phase(provider, 'refused')
    expect(provider.state.problem?.key).toBe('protocol-mismatch')
    type(provider, 'b')
    await until(async () => expect(await store.load('doc', 'e1')).toHaveLength(2))
    expect(sent()).toHaveLength(1)
    expect(saveState(provider.state)).toMatchObject({ kind: 'failed', count: 2 })
    expect(provider.state).toMatchObject({ setAside: null, copies: 0 })
    // Trying again is for the person to ask.
    room.handle = () => false
    provider.retry()
    await saved(provider)
    expect(textOf(room.doc)).toBe('ab')
  })

  test('at the handshake: passing problems are tried again, others are not', async () => {
    room.refuseHandshake = 'unavailable'
    const provider = join()
    await until(() => expect(provider.state).toMatchObject({ phase: 'offline', problem: { key: 'unavailable' } }))
    await until(() => expect(room.tokens.length).toBeGreaterThan(1))
    room.refuseHandshake = null
    await phase(provider, 'online')
    expect(provider.state.problem).toBeNull()
    room.refuseHandshake = 'not-found'
    room.cut()
    await phase(provider, 'refused')
  })

  test('for a while: the join is tried again on another connection', async () => {
    let refused = 0
    room.handle = (message, socket) => {
      if (message.type !== 'join' || refused++ > 1) return false
      socket.emit(BINARY_EVENT, refusal(0, 'draining'))
      return true
    }
    const provider = join()
    await until(() => expect(provider.state.problem?.key).toBe('draining'))
    expect(provider.state.phase).toBe('offline')
    await phase(provider, 'online')
    expect(refused).toBe(3)
    expect(room.tokens).toHaveLength(3)
  })

  test('for going too fast: comes back no sooner than asked, says so, and keeps everything', async () => {
    const store = memoryStore()
    const provider = join({ store })
    await phase(provider, 'online')
    const at = { refused: 0, again: 0 }
    room.handle = (message, socket) => {
      if (message.type === 'join') at.again = performance.now()
      if (message.type !== 'update' || at.refused > 0) return false
      at.refused = performance.now()
      const limited = new Problem('rate-limited', 'Too fast.', { extra: { retryAfterMs: 700 } })
      socket.emit(BINARY_EVENT, write.refused(message.number, limited.toJson('test')))
      return true
    }
    type(provider, 'a')
    await phase(provider, 'offline')
    expect(provider.state).toMatchObject({ pending: 1, persisted: true, problem: { key: 'rate-limited' } })
    provider.retry()
    type(provider, 'b')
    await saved(provider)
    expect(at.again - at.refused).toBeGreaterThanOrEqual(699)
    expect(textOf(room.doc)).toBe('ab')
    expect(provider.state.problem).toBeNull()
  })

  test('at the handshake for going too fast: waits as long as asked', async () => {
    room.refuseHandshake = new Problem('rate-limited', 'Too fast.', { extra: { retryAfterMs: 600 } })
    const provider = join()
    await until(() => expect(provider.state).toMatchObject({ phase: 'offline', problem: { key: 'rate-limited' } }))
    room.refuseHandshake = null
    const from = performance.now()
    await phase(provider, 'online')
    expect(performance.now() - from).toBeGreaterThan(400)
  })

  test('the client id: goes on under another', async () => {
    const provider = join()
    const first = provider.doc.clientID
    provider.awareness.setLocalStateField('user', { name: 'Ada' })
    room.handle = (message, socket) => {
      if (message.type !== 'join' || message.clientId !== first) return false
      socket.emit(BINARY_EVENT, refusal(0, 'client-id-taken'))
      return true
    }
    await phase(provider, 'online')
    expect(provider.doc.clientID).not.toBe(first)
    expect(provider.awareness.clientID).toBe(provider.doc.clientID)
    expect(provider.awareness.getLocalState()).toMatchObject({ user: { name: 'Ada' } })
    type(provider, 'a')
    await saved(provider)
    expect(textOf(room.doc)).toBe('a')
  })

  test('a message that cannot be read ends the connection, not the program', async () => {
    const provider = join()
    await phase(provider, 'online')
    room.send(Uint8Array.from([0x7f, 1]))
    await until(() => expect(provider.state).toMatchObject({ phase: 'offline', problem: { key: 'upstream-failed' } }))
    await phase(provider, 'online')
  })

  test('trying again while a join is on its way is not a second join', async () => {
    const joins = new Map<string, number>()
    room.handle = (message, socket) => {
      if (message.type !== 'join') return false
      joins.set(socket.id, (joins.get(socket.id) ?? 0) + 1)
      return joins.size === 1
    }
    const provider = join()
    await until(() => expect(joins.size).toBe(1))
    provider.retry()
    await phase(provider, 'online')
    expect([...joins.values()]).toEqual([1, 1])
  })
})

describe('tokens', () => {
  test('a token that cannot be had is tried again', async () => {
    let asked = 0
    const provider = join({
      token: async () => {
        if (asked++ < 2) throw new Error('the network is away')
        return 'third'
      },
    })
    await until(() => expect(provider.state).toMatchObject({ phase: 'offline', problem: { key: 'unavailable' } }))
    await phase(provider, 'online')
    expect(room.tokens).toEqual(['third'])
  })

  test('a token that comes too late is not used', async () => {
    const give: ((token: string) => void)[] = []
    const provider = join({ token: () => new Promise((resolve) => give.push(resolve)) })
    await until(() => expect(give).toHaveLength(1))
    provider.retry()
    await until(() => expect(give).toHaveLength(2))
    give[0]?.('late')
    give[1]?.('in time')
    await phase(provider, 'online')
    expect(room.tokens).toEqual(['in time'])
  })

  test('a token is renewed before it runs out, on the same connection', async () => {
    const jwt = (exp: number) => `h.${btoa(JSON.stringify({ exp }))}.s`
    const soon = jwt(Math.floor(Date.now() / 1000) + 30)
    const later = jwt(Math.floor(Date.now() / 1000) + 100 * 86_400)
    let asked = 0
    const provider = join({ token: async () => (asked++ === 0 ? soon : later) })
    const phases = new Set<string>()
    await phase(provider, 'online')
    provider.subscribe(() => void phases.add(provider.state.phase))
    await until(() => {
      type(provider, 'x')
      expect(room.tokens).toEqual([soon, later])
    })
    type(provider, 'x')
    await saved(provider)
    expect([...phases]).toEqual(['online'])
    expect(room.doc.getText('t').length).toBe(provider.doc.getText('t').length)
    expect(room.messages.filter((message) => message.type === 'join')).toHaveLength(1)
    // A wait beyond what timers can hold does not fire at once.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked).toBe(2)
  })
})

describe('presence', () => {
  test('is seen by the other, and gone with its owner', async () => {
    const [a, b] = [join(), join()]
    await Promise.all([phase(a, 'online'), phase(b, 'online')])
    a.awareness.setLocalStateField('user', { name: 'Ada' })
    b.awareness.setLocalStateField('user', { name: 'Bob' })
    await until(() => expect(b.awareness.getStates().get(a.doc.clientID)).toEqual({ user: { name: 'Ada' } }))
    await until(() => expect(a.awareness.getStates().get(b.doc.clientID)).toEqual({ user: { name: 'Bob' } }))
    a.awareness.setLocalStateField('cursor', 5)
    await until(() => expect(b.awareness.getStates().get(a.doc.clientID)).toMatchObject({ cursor: 5 }))
    a.destroy()
    await until(() => expect([...b.awareness.getStates().keys()]).toEqual([b.doc.clientID]))
  })

  test('that is too large is not sent, and costs no connection', async () => {
    const provider = join()
    await phase(provider, 'online')
    provider.awareness.setLocalState({ much: 'x'.repeat(socketLimits.presence) })
    type(provider, 'a')
    await saved(provider)
    await new Promise((resolve) => setTimeout(resolve, 80))
    const shown = room.messages.flatMap((message) => (message.type === 'presence' ? [message.json] : []))
    expect(shown.every((json) => json.length < 100)).toBe(true)
    provider.awareness.setLocalState({ little: 1 })
    await until(() => expect(room.messages.at(-1)).toEqual({ type: 'presence', json: '{"little":1}' }))
  })
})

test('a commit that takes long is said, and taken back when it is done', async () => {
  const provider = join()
  await phase(provider, 'online')
  room.handle = (message) => message.type === 'update'
  type(provider, 'a')
  await until(() => expect(sent()).toHaveLength(1))
  const now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 7_300)
  await until(() => expect(saveState(provider.state)).toMatchObject({ kind: 'failed', count: 1 }))
  expect(provider.state.stalledMs).toBe(7_000)
  clock.mockRestore()
  room.send(write.ack(sent()[0]?.number ?? 0))
  await saved(provider)
  expect(provider.state.stalledMs).toBeNull()
})

describe('waiting for everything to be saved', () => {
  test('ends when it is', async () => {
    const provider = join()
    type(provider, 'a')
    await whenSaved(provider)
    expect(textOf(room.doc)).toBe('a')
    await whenSaved(provider)
  })

  test('ends with the reason when the server refuses, and when it takes too long', async () => {
    room.handle = (message) => message.type === 'join'
    const provider = join()
    await expect(whenSaved(provider, 20)).rejects.toMatchObject({ key: 'timeout' })
    room.refuseHandshake = 'not-found'
    const waiting = whenSaved(provider)
    room.cut()
    await expect(waiting).rejects.toMatchObject({ key: 'not-found' })
  })
})

import { Problem, socketLimits } from '@realtime/contracts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Provider } from './provider.ts'
import { saveState } from './state.ts'
import { openClients, startRoom, type TestRoom, until } from './testing.ts'
import { write } from './wire/index.ts'

let room: TestRoom
const clients = openClients()
const online = (provider: Provider) => until(() => expect(provider.state.phase).toBe('online'))
const saved = (provider: Provider) => until(() => expect(saveState(provider.state).kind).toBe('saved'))
const text = (doc: Y.Doc): Y.Text => doc.getText('t')
const sent = () => room.messages.flatMap((message) => (message.type === 'update' ? [message] : []))
const bytes = () => sent().reduce((sum, message) => sum + message.update.length, 0)

beforeEach(async () => {
  room = await startRoom()
})
afterEach(async () => {
  clients.close()
  await room.stop()
})

/** A room that takes updates and acknowledges none. */
function silent(): void {
  room.handle = (message) => {
    if (message.type === 'update') Y.applyUpdate(room.doc, message.update)
    return message.type === 'update'
  }
}

test('the first update goes at once, and what is typed meanwhile in one message', async () => {
  const provider = clients.join(room)
  await online(provider)
  const times: number[] = []
  room.handle = (message) => {
    if (message.type === 'update') times.push(performance.now())
    return false
  }
  for (const letter of 'one two') text(provider.doc).insert(text(provider.doc).length, letter)
  await saved(provider)
  expect(text(room.doc).toString()).toBe('one two')
  expect(sent().map((message) => message.number)).toEqual([1, 7])
  const [first = 0, second = 0] = times
  expect(second - first).toBeGreaterThan(10)
})

test('a program that edits without a pause sends at most a message each 20 ms, and everything arrives', async () => {
  const provider = clients.join(room)
  await online(provider)
  const from = performance.now()
  let edits = 0
  // Ten thousand edits in a second of ten-millisecond turns.
  while (edits < 10_000) {
    for (let index = 0; index < 100; index++, edits++) text(provider.doc).insert(text(provider.doc).length, 'a')
    await new Promise((resolve) => setTimeout(resolve, 9))
  }
  await saved(provider)
  const took = performance.now() - from
  expect(text(room.doc).length).toBe(10_000)
  expect(room.doc.store.pendingStructs).toBeNull()
  expect(sent().length).toBeLessThanOrEqual(took / 20 + 2)
  expect(sent().length).toBeGreaterThan(10)
})

test('no more than 64 messages are on their way; what waits is folded into the next', async () => {
  const provider = clients.join(room)
  await online(provider)
  silent()
  // Each is more than may be folded: one message each.
  await until(() => {
    text(provider.doc).insert(0, 'x')
    expect(sent()).toHaveLength(64)
  })
  for (let index = 0; index < 50; index++) text(provider.doc).insert(0, 'y')
  const waiting = provider.state.pending
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(sent()).toHaveLength(64)
  expect(provider.state.pending).toBe(waiting)
  room.send(write.ack(sent()[0]?.number ?? 0))
  await until(() => expect(sent()).toHaveLength(65))
  room.send(write.ack(sent().at(-1)?.number ?? 0))
  await saved(provider)
  expect(text(room.doc).toString()).toBe(text(provider.doc).toString())
})

test('no more than a megabyte is on its way, but for one update that is larger', async () => {
  const provider = clients.join(room)
  await online(provider)
  silent()
  text(provider.doc).insert(0, 'x'.repeat(3 * socketLimits.message))
  text(provider.doc).insert(0, 'after')
  await until(() => expect(sent()).toHaveLength(1))
  room.messages.length = 0
  room.send(write.ack(1))
  await until(() => expect(sent()).toHaveLength(1))
  room.send(write.ack(2))
  await saved(provider)
  room.messages.length = 0
  for (let index = 0; index < 8; index++) text(provider.doc).insert(0, 'z'.repeat(300 * 1024))
  await until(() => expect(sent().length).toBeGreaterThan(0))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(bytes()).toBeLessThanOrEqual(socketLimits.message)
  const acknowledging = setInterval(() => room.send(write.ack(sent().at(-1)?.number ?? 0)), 10)
  await saved(provider)
  clearInterval(acknowledging)
  expect(text(room.doc).toString()).toBe(text(provider.doc).toString())
})

test('what was typed a moment before leaving goes still', async () => {
  const provider = clients.join(room)
  await online(provider)
  for (const letter of 'bye') text(provider.doc).insert(text(provider.doc).length, letter)
  provider.destroy()
  await until(() => expect(text(room.doc).toString()).toBe('bye'))
})

test('after a lost connection what waits goes again from its beginning, within the same limits', async () => {
  const provider = clients.join(room)
  await online(provider)
  room.handle = (message) => message.type === 'update'
  for (let index = 0; index < 1_200; index++) text(provider.doc).insert(0, 'x')
  await until(() => expect(sent().length).toBeGreaterThan(2))
  room.cut()
  await until(() => expect(provider.state.phase).toBe('offline'))
  room.messages.length = 0
  room.handle = () => false
  await saved(provider)
  expect(text(room.doc).length).toBe(1_200)
  expect(sent().map((message) => message.number)).toEqual([500, 1_000, 1_200])
})

test('a client that is up to date joins for a few bytes, also when much was deleted', async () => {
  const random = (most: number) => Math.floor(Math.random() * most)
  for (let index = 0; index < 2_000; index++) {
    text(room.doc).insert(random(text(room.doc).length), 'word ')
    if (index % 3 === 0) text(room.doc).delete(random(text(room.doc).length - 2), 2)
  }
  const provider = clients.join(room)
  await saved(provider)
  text(provider.doc).delete(5, 3)
  await saved(provider)
  room.cut()
  await until(() => expect(provider.state.phase).toBe('offline'))
  await saved(provider)
  expect(room.answers).toHaveLength(2)
  expect(room.answers[0]).toBeGreaterThan(5_000)
  expect(room.answers[1]).toBeLessThanOrEqual(200)
  expect(text(room.doc).toString()).toBe(text(provider.doc).toString())
})

test('an acknowledgement that was lost is made up for by an equal digest: nothing is sent again', async () => {
  const provider = clients.join(room)
  await online(provider)
  silent()
  text(provider.doc).insert(0, 'hello')
  await until(() => expect(text(room.doc).toString()).toBe('hello'))
  room.cut()
  await until(() => expect(provider.state).toMatchObject({ phase: 'offline', pending: 1 }))
  room.messages.length = 0
  await saved(provider)
  expect(sent()).toEqual([])
})

test('a deletion made before the provider was reaches the server', async () => {
  text(room.doc).insert(0, 'hello')
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
  text(doc).delete(0, 2)
  await saved(clients.join(room, { doc }))
  expect(text(room.doc).toString()).toBe('llo')
})

test('a refusal for a while loses nothing of what is on its way', async () => {
  const provider = clients.join(room)
  await online(provider)
  let refused = 0
  room.handle = (message, socket) => {
    if (message.type !== 'update' || refused > 0) return false
    refused = message.number
    socket.emit('b', write.refused(message.number, new Problem('unavailable').toJson('test')))
    return true
  }
  for (const letter of 'abc') text(provider.doc).insert(text(provider.doc).length, letter)
  await saved(provider)
  expect(text(room.doc).toString()).toBe('abc')
})

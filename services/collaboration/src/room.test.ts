import { type AppendFrame, Problem } from '@realtime/contracts'
import { createLog } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Room } from './room.ts'
import { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import type { LoadedLog, Store } from './store.ts'

/** A log in memory; what it does can be replaced. */
class MemoryLog implements Store {
  updates: Uint8Array[] = []
  loads = 0

  join(): never {
    throw new Problem('unavailable')
  }

  access(): never {
    throw new Problem('unavailable')
  }

  async load(_id: string, after: number): Promise<LoadedLog> {
    this.loads++
    const frames = this.updates.slice(after).map((update, index) => ({
      seq: after + index + 1,
      principal: 'user:a',
      origin: 'user',
      update,
    }))
    return { epoch: 'e', seq: this.updates.length, frames }
  }

  async append(_id: string, _epoch: string, frames: AppendFrame[]): Promise<{ firstSeq: number; lastSeq: number }> {
    const firstSeq = this.updates.length + 1
    this.updates.push(...frames.map((frame) => frame.update))
    return { firstSeq, lastSeq: this.updates.length }
  }

  async clientIds(): Promise<Map<number, string>> {
    return new Map()
  }

  follow(): () => void {
    return () => undefined
  }

  stop(): void {}
}

interface Told {
  refused: string[]
  numbers: number[]
  sent: number
}

/** A session that only notes what it is told. */
function session(name = 'a'): { session: Session; told: Told } {
  const told: Told = { refused: [], numbers: [], sent: 0 }
  const it = {
    principal: `user:${name}`,
    permission: 'write',
    get mayWrite() {
      return this.permission === 'write' && !this.ended
    },
    clientId: 1,
    identity: { id: name, name, color: '', image: null },
    ended: false,
    lag: false,
    slow: false,
    charge: () => undefined,
    send: () => void told.sent++,
    refuse(number: number, problem: Problem) {
      if (this.ended) return
      told.refused.push(problem.key)
      told.numbers.push(number)
    },
    end(problem: Problem) {
      this.refuse(0, problem)
      this.ended = true
    },
  }
  return { session: it as unknown as Session, told }
}

async function open(log: MemoryLog): Promise<{ room: Room; ended: () => boolean }> {
  let ended = false
  const room = new Room('d', log, createLog('test', 'silent'), () => {
    ended = true
  })
  await room.load()
  return { room, ended: () => ended }
}

function typed(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

test('L1: news of a seq that the log does not have is looked into once, not for ever', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  room.heard(1_000)
  await room.idle()
  const { loads } = log
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(log.loads).toBe(loads)
  expect(loads).toBeLessThan(4)
  room.close(null)
})

test('L1: what was appended while there was no news is looked for as soon as there is', async () => {
  const log = new MemoryLog()
  const rooms = new Rooms(log, createLog('test', 'silent'))
  const text = await rooms.with('d', async (room) => {
    log.updates.push(typed('meanwhile'))
    rooms.listening(true)
    await eventually(() => room.seq === 1, 1_000)
    return room.doc.getText('t').toString()
  })
  expect(text).toBe('meanwhile')
  await rooms.stop(0)
})

test('R6: a committed update that cannot be applied ends the room; nothing is acknowledged', async () => {
  const log = new MemoryLog()
  const { room, ended } = await open(log)
  const author = session()
  room.enter(author.session, new Uint8Array(), new Uint8Array())
  const before = author.told.sent
  // Another writer's row, at which Yjs throws.
  log.updates.push(Uint8Array.of(0, 1, 5, 1, 0, 0))
  room.receive(author.session, 1, typed('a'))
  await eventually(() => ended())
  expect(author.told.refused).toEqual(['internal'])
  expect(author.told.sent).toBe(before)
  room.receive(author.session, 2, typed('b'))
  expect(author.told.refused).toEqual(['internal', 'unavailable'])
})

/** Holds every append until it is released. */
function stall(log: MemoryLog): () => void {
  let release = (): void => undefined
  const stalled = new Promise<void>((resolve) => {
    release = resolve
  })
  const append = log.append.bind(log)
  log.append = async (...input) => {
    await stalled
    return append(...input)
  }
  return () => release()
}

const nothing = new Uint8Array()

function withResolvers(): { promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve: () => resolve() }
}

test('R5: what waits of one principal is bounded, and leaves room for the others', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const release = stall(log)
  const [greedy, modest] = [session('greedy'), session('modest')]
  for (const one of [greedy, modest]) room.enter(one.session, nothing, nothing)
  for (let index = 0; index < 4; index++) room.receive(greedy.session, index + 1, typed('x'.repeat(10 * 1024 * 1024)))
  expect(greedy.told).toMatchObject({ refused: ['unavailable', 'unavailable'], numbers: [3, 4] })
  for (let index = 0; index < 50; index++) room.receive(modest.session, index + 1, typed('x'.repeat(60_000)))
  expect(modest.told.refused).toEqual([])
  release()
  await room.idle()
  expect(log.updates).toHaveLength(52)
  room.close(null)
})

test("J6: who waits for a seq finds the room's own update there, also when another's came between", async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const author = session()
  room.enter(author.session, nothing, nothing)
  const append = log.append.bind(log)
  log.append = (...input) => {
    log.updates.push(typed('another '))
    return append(...input)
  }
  const joined = room.atLeast(2).then(() => room.doc.getText('t').toString())
  room.receive(author.session, 1, typed('own'))
  expect(await joined).toContain('own')
  room.close(null)
})

test('H6, J7: what an ended session has sent and is not being committed never is', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const [ended, other] = [session('ended'), session('other')]
  for (const one of [ended, other]) room.enter(one.session, nothing, nothing)
  const release = stall(log)
  room.receive(ended.session, 1, typed('under way'))
  await eventually(() => room.saving)
  await new Promise((resolve) => setImmediate(resolve))
  room.receive(ended.session, 2, typed('waits'))
  room.receive(ended.session, 3, typed('x'.repeat(100_000)))
  room.receive(other.session, 1, typed('fine'))
  // Whoever leaves before it is known that they may not write gains nothing by it.
  room.leave(ended.session)
  room.end((one) => (one === ended.session ? new Problem('unauthenticated') : null))
  expect(ended.told.numbers).toEqual([2, 3, 0])
  release()
  await room.idle()
  expect(room.doc.getText('t').toString()).not.toContain('waits')
  expect(log.updates).toHaveLength(2)
  room.close(null)
})

test('U9: a downgrade refuses nothing of which nobody knows whether it is committed', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const author = session()
  room.enter(author.session, nothing, nothing)
  const append = log.append.bind(log)
  const lost = withResolvers()
  log.append = async (...input) => {
    await append(...input)
    lost.resolve()
    log.append = append
    throw new Problem('unavailable')
  }
  room.receive(author.session, 1, typed('committed'))
  await lost.promise
  await new Promise((resolve) => setImmediate(resolve))
  room.receive(author.session, 2, typed('after'))
  room.permit(new Map([[author.session, 'read' as const]]))
  await room.idle()
  expect(author.told).toMatchObject({ refused: ['read-only'], numbers: [2] })
  expect(log.updates).toHaveLength(1)
  expect(room.doc.getText('t').toString()).toBe('committed')
  room.close(null)
})

const LARGE = 'x'.repeat(100_000)

/** What the text of a room is for somebody who comes with nothing. */
function textOf(room: Room): string {
  return room.doc.getText('t').toString()
}

test('U12: who types while something large is checked goes before it, once', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const [paster, typist] = [session('paster'), session('typist')]
  for (const one of [paster, typist]) room.enter(one.session, nothing, nothing)
  room.receive(paster.session, 1, typed(LARGE))
  room.receive(typist.session, 1, typed('typed'))
  await room.idle()
  expect(log.updates.map((update) => update.length > 1_000)).toEqual([false, true])
  expect(textOf(room)).toContain('typed')
  expect(textOf(room)).toContain(LARGE)
  room.close(null)
})

test('U12: what is large is told before it is applied; who joins then, and who goes on from it, finds all of it', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const [paster, other] = [session('paster'), session('other')]
  room.enter(paster.session, nothing, nothing)
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  doc.getText('t').insert(0, LARGE)
  doc.getText('t').insert(50_000, 'in the middle')
  doc.getText('t').delete(0, 10)
  const before = paster.told.sent
  const [large, ...rest] = updates as [Uint8Array, ...Uint8Array[]]
  room.receive(paster.session, 1, large)
  await room.idle()
  expect(paster.told.sent).toBe(before + 1)
  // They depend on what is committed and not in the document yet.
  rest.forEach((update, index) => {
    room.receive(paster.session, index + 2, update)
  })
  await room.idle()
  room.enter(other.session, nothing, nothing)
  expect(textOf(room)).toBe(doc.getText('t').toString())
  expect(paster.told.refused).toEqual([])
  room.close(null)
})

test('U12: what a session sends after something large waits behind it, whatever has become of that', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const author = session()
  room.enter(author.session, nothing, nothing)
  const doc = new Y.Doc()
  doc.getText('t').insert(0, LARGE)
  room.receive(author.session, 1, Y.encodeStateAsUpdate(doc))
  let number = 1
  doc.on('update', (update: Uint8Array) => room.receive(author.session, ++number, update))
  // In each turn that the room takes: while it is checked, committed, told and applied.
  while (room.saving || number < 50) {
    doc.getText('t').insert(number, 'y')
    await new Promise((resolve) => setImmediate(resolve))
    if (number >= 50) await room.idle()
  }
  expect(author.told.refused).toEqual([])
  expect(textOf(room)).toBe(doc.getText('t').toString())
  room.close(null)
})

test('U8: something large that went on from what is refused meanwhile is refused as well', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const [author, helper] = [session('same'), session('same')]
  for (const one of [author, helper]) room.enter(one.session, nothing, nothing)
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  doc.getText('t').insert(0, 'first')
  doc.getText('t').insert(5, LARGE)
  const [small, large] = updates as [Uint8Array, Uint8Array]
  const release = stall(log)
  room.receive(author.session, 1, typed('under way'))
  await new Promise((resolve) => setImmediate(resolve))
  room.receive(author.session, 2, small)
  room.receive(helper.session, 1, large)
  room.permit(new Map([[author.session, 'read' as const]]))
  release()
  await room.idle()
  expect(author.told).toMatchObject({ refused: ['read-only'], numbers: [2] })
  expect(helper.told).toMatchObject({ refused: ['invalid-update'], numbers: [1] })
  expect(log.updates).toHaveLength(1)
  room.close(null)
})

test('R8: a reader who falls behind at something large holds up nothing that comes after it', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  const [author, slow] = [session('author'), session('slow')]
  for (const one of [author, slow]) room.enter(one.session, nothing, nothing)
  Object.assign(slow.session, {
    slow: true,
    lagUntilDrained(this: { lag: boolean }) {
      this.lag = true
    },
  })
  room.receive(author.session, 1, typed(LARGE))
  await room.idle()
  // Once its rest would be over, had it not been applied for the reader.
  await new Promise((resolve) => setTimeout(resolve, 50))
  for (const number of [2, 3]) {
    room.receive(author.session, number, typed(LARGE))
    await eventually(() => !room.saving)
  }
  expect(log.updates).toHaveLength(3)
  expect(textOf(room)).toHaveLength(3 * LARGE.length)
  room.close(null)
})

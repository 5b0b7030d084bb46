import { type AppendFrame, Problem } from '@realtime/contracts'
import { createLog } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Room } from './room.ts'
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
  sent: number
}

/** A session that only notes what it is told. */
function session(): { session: Session; told: Told } {
  const told: Told = { refused: [], sent: 0 }
  const it = {
    principal: 'user:a',
    permission: 'write',
    clientId: 1,
    identity: { id: 'a', name: 'A', color: '', image: null },
    lag: false,
    slow: false,
    charge: () => undefined,
    send: () => void told.sent++,
    refuse: (_number: number, problem: Problem) => void told.refused.push(problem.key),
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

test('R5: what waits for the log is bounded', async () => {
  const log = new MemoryLog()
  const { room } = await open(log)
  let release = (): void => undefined
  const stalled = new Promise<void>((resolve) => {
    release = resolve
  })
  const append = log.append.bind(log)
  log.append = async (...input) => {
    await stalled
    return append(...input)
  }
  const author = session()
  room.enter(author.session, new Uint8Array(), new Uint8Array())
  for (let index = 0; index < 6; index++) room.receive(author.session, index + 1, typed('x'.repeat(15 * 1024 * 1024)))
  expect(author.told.refused).toEqual(['unavailable'])
  release()
  await room.idle()
  expect(log.updates).toHaveLength(5)
  room.close(null)
})

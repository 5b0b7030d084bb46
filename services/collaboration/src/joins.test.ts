import { socketLimits } from '@realtime/contracts'
import { createLog } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterEach, expect, test } from 'vitest'
import { Joins } from './joins.ts'
import { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import type { Store } from './store.ts'

const stops: (() => unknown)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A document service that never answers, and counts who asks. */
function waiting() {
  let asked = 0
  const store = {
    join: () => {
      asked++
      return new Promise(() => undefined)
    },
  } as unknown as Store
  const rooms = new Rooms(store, createLog('test', 'silent'))
  const joins = new Joins(rooms, store)
  stops.push(
    () => joins.stop(),
    () => rooms.stop(0),
  )
  return { joins, asked: () => asked }
}

const session = (principal: string) => ({ principal, socket: { connected: true } }) as unknown as Session
const message = {
  type: 'join',
  document: 'd',
  epoch: '',
  clientId: 1,
  digest: new Uint8Array(),
  stateVector: new Uint8Array(),
} as const

test('J8: one principal joins so often and no more, whatever others do', async () => {
  const { joins } = waiting()
  for (let count = 0; count < socketLimits.joins.burst; count++) void joins.join(session('user:a'), message)
  await expect(joins.join(session('user:a'), message)).rejects.toMatchObject({
    key: 'rate-limited',
    extra: { retryAfterMs: expect.any(Number) },
  })
  const other = joins.join(session('user:b'), message)
  expect(await Promise.race([other, Promise.resolve('waits')])).toBe('waits')
})

test('J8: so many ask at the same time; those who wait are bounded', async () => {
  const { joins, asked } = waiting()
  const refused: string[] = []
  for (let count = 0; count < 2_100; count++) {
    joins.join(session(`user:${count}`), message).catch((problem: { key: string }) => refused.push(problem.key))
  }
  await eventually(() => refused.length > 0)
  expect(asked()).toBe(32)
  expect(new Set(refused)).toEqual(new Set(['rate-limited']))
  expect(refused.length).toBe(2_100 - 32 - 2_000)
})

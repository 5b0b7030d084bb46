import { Problem } from '@realtime/contracts'
import { expect, test } from 'vitest'
import { Lane } from './lane.ts'
import type { Session } from './session.ts'

const person = (name: string): Session => ({ name }) as unknown as Session
const large = new Uint8Array(400 * 1024)
const small = new Uint8Array(10)
const numbers = (waiting: { number: number }[]): number[] => waiting.map(({ number }) => number)

/** Puts an update into the lane if it has to wait there. */
function takes(lane: Lane, session: Session, number: number, update: Uint8Array): boolean {
  const wants = lane.wants(session, update)
  if (wants) lane.add(session, number, update)
  return wants
}

test('U12: small updates do not wait, unless a large one of the same session waits before them', () => {
  const lane = new Lane()
  const [ann, bob] = [person('ann'), person('bob')]
  expect(takes(lane, ann, 1, small)).toBe(false)
  expect(takes(lane, ann, 2, large)).toBe(true)
  expect(takes(lane, ann, 3, small)).toBe(true)
  expect(takes(lane, bob, 1, small)).toBe(false)
  expect(numbers(lane.next(0))).toEqual([2, 3])
  expect(lane.empty).toBe(true)
  expect(takes(lane, ann, 4, small)).toBe(false)
})

test('U12: a turn is bounded, and the room rests from large ones for twice as long as it took', () => {
  const lane = new Lane()
  const [ann, bob] = [person('ann'), person('bob')]
  lane.add(ann, 1, large)
  lane.add(bob, 2, large)
  lane.add(ann, 3, large)
  expect(numbers(lane.next(1_000))).toEqual([1])
  lane.done(1_030)
  expect(lane.wait(1_030)).toBe(60)
  expect(lane.next(1_089)).toEqual([])
  expect(numbers(lane.next(1_090))).toEqual([2])
  lane.done(1_100)
  expect(lane.bytes).toBe(large.length)
})

test('U12: time that a turn could not be committed does not count, and no rest is longer than a second', () => {
  const lane = new Lane()
  const ann = person('ann')
  lane.add(ann, 1, large)
  lane.add(ann, 2, large)
  lane.next(0)
  lane.again(600_000)
  lane.done(600_020)
  expect(lane.wait(600_020)).toBe(40)
  lane.next(600_060)
  lane.done(700_000)
  lane.add(ann, 3, large)
  expect(lane.wait(700_000)).toBe(1_000)
})

test('what waits can be refused', () => {
  const lane = new Lane()
  const told: number[] = []
  const ann = { refuse: (number: number) => told.push(number) } as unknown as Session
  const bob = person('bob')
  lane.add(ann, 1, large)
  lane.add(bob, 7, large)
  lane.add(ann, 2, small)
  lane.refuseWhere(({ session }) => (session === ann ? new Problem('read-only') : null))
  expect(told).toEqual([1, 2])
  expect(lane.bytes).toBe(large.length)
  expect([...lane.sessions()]).toEqual([bob])
  expect(numbers(lane.next(0))).toEqual([7])
  expect(lane.wait(0)).toBe(Number.POSITIVE_INFINITY)
})

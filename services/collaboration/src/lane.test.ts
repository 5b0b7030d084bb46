import { expect, test } from 'vitest'
import { Lane } from './lane.ts'
import type { Session } from './session.ts'

const person = (name: string): Session => ({ name }) as unknown as Session
const large = new Uint8Array(400 * 1024)
const small = new Uint8Array(10)
const numbers = (waiting: { number: number }[]): number[] => waiting.map(({ number }) => number)

test('U12: small updates do not wait, unless a large one of the same session waits before them', () => {
  const lane = new Lane()
  const [ann, bob] = [person('ann'), person('bob')]
  expect(lane.takes(ann, 1, small)).toBe(false)
  expect(lane.takes(ann, 2, large)).toBe(true)
  expect(lane.takes(ann, 3, small)).toBe(true)
  expect(lane.takes(bob, 1, small)).toBe(false)
  expect(numbers(lane.next(0))).toEqual([2, 3])
  expect(lane.empty).toBe(true)
  expect(lane.takes(ann, 4, small)).toBe(false)
})

test('U12: a turn is bounded, and the room rests from large ones for twice as long as it took', () => {
  const lane = new Lane()
  const [ann, bob] = [person('ann'), person('bob')]
  lane.takes(ann, 1, large)
  lane.takes(bob, 2, large)
  lane.takes(ann, 3, large)
  expect(numbers(lane.next(1_000))).toEqual([1])
  lane.done(1_030)
  expect(lane.wait(1_030)).toBe(60)
  expect(lane.next(1_089)).toEqual([])
  expect(numbers(lane.next(1_090))).toEqual([2])
  lane.done(1_100)
  expect(lane.bytes).toBe(large.length)
})

test('what waits of a session can be taken out', () => {
  const lane = new Lane()
  const [ann, bob] = [person('ann'), person('bob')]
  lane.takes(ann, 1, large)
  lane.takes(bob, 7, large)
  lane.takes(ann, 2, small)
  expect(numbers(lane.remove(ann))).toEqual([1, 2])
  expect(lane.bytes).toBe(large.length)
  expect(numbers(lane.next(0))).toEqual([7])
  expect(lane.wait(0)).toBe(Number.POSITIVE_INFINITY)
})

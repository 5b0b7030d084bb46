import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { canvasPeople, type OwnPresence, sharePresence } from './presence.ts'

let awareness: Awareness
let own: OwnPresence

beforeEach(() => {
  vi.useFakeTimers()
  awareness = new Awareness(new Y.Doc())
  own = sharePresence(awareness)
})
afterEach(() => {
  own.stop()
  awareness.destroy()
  vi.useRealTimers()
})

const told = () => awareness.getLocalState()?.canvas
const somebody = (clientId: number, state: object) => {
  awareness.states.set(clientId, state)
}
const user = { id: 'u', name: 'Bob', color: '#e03131', image: null }
const here = { pointer: { x: 1, y: 2, tool: 'pointer' }, down: false, selected: ['r'], idle: false }

test('the own pointer is told at most every 40 ms, the last one always', () => {
  let times = 0
  awareness.on('update', () => void times++)
  for (let x = 0; x < 100; x++) {
    own.point({ x, y: 0.123, tool: 'pointer' }, true)
    vi.advanceTimersByTime(10)
  }
  vi.advanceTimersByTime(100)
  expect(times).toBeGreaterThan(15)
  expect(times).toBeLessThan(30)
  expect(told()).toMatchObject({ pointer: { x: 99, y: 0.1 }, down: true })
})

test('selections are told as far as presence has room', () => {
  own.select(Array.from({ length: 500 }, (_, at) => `id-${at}`))
  vi.advanceTimersByTime(100)
  expect(told()).toMatchObject({ selected: { length: 200 } })
})

test('whoever does nothing for a minute is idle, until they move', () => {
  vi.advanceTimersByTime(61_000)
  expect(told()).toMatchObject({ idle: true })
  window.dispatchEvent(new Event('pointermove'))
  vi.advanceTimersByTime(100)
  expect(told()).toMatchObject({ idle: false })
})

test('leaving takes the own pointer away', () => {
  own.point({ x: 1, y: 1, tool: 'pointer' }, false)
  vi.advanceTimersByTime(100)
  own.stop()
  vi.advanceTimersByTime(100)
  expect(told()).toBeNull()
})

test('others are those with an identity and a canvas; what makes no sense of theirs is left out', () => {
  somebody(1, { user, canvas: here })
  somebody(2, { user: { name: 'No id' }, canvas: here })
  somebody(3, { user })
  somebody(4, { user, canvas: { ...here, pointer: { x: Number.NaN, y: 1e30, tool: 'rocket' } } })
  somebody(5, { user: { ...user, color: 'red;background:url(//x)' }, canvas: here })
  const people = canvasPeople(awareness)
  expect(people.map(({ clientId }) => clientId)).toEqual([1, 5])
  expect(people[0]).toMatchObject({ identity: user, pointer: { x: 1, y: 2 }, selected: ['r'] })
  expect(people[1]?.identity.color).toBe('#7c7c86')
})

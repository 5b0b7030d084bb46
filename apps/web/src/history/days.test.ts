import type { Version } from '@realtime/contracts'
import { expect, test } from 'vitest'
import { daysOf, nameOf, peopleIn } from './days.ts'

function version(at: Date, more: Partial<Version> = {}): Version {
  return { id: at.toISOString(), reason: 'automatic', name: null, seq: 1, at: at.toISOString(), people: [], ...more }
}

test('groups by the calendar days of the reader, not by 24 hours', () => {
  const now = new Date(2026, 10, 23, 0, 30)
  const days = daysOf(
    [
      version(new Date(2026, 10, 23, 0, 10)),
      version(new Date(2026, 10, 22, 23, 50)),
      version(new Date(2026, 10, 22, 1, 0)),
      version(new Date(2026, 10, 20, 12, 0)),
      version(new Date(2025, 10, 20, 12, 0)),
    ],
    now,
  )
  expect(days.map((day) => [day.label, day.versions.length])).toEqual([
    ['Today', 1],
    ['Yesterday', 2],
    ['Friday, November 20', 1],
    ['Thursday, November 20, 2025', 1],
  ])
})

test('a clock that is behind makes no day of its own', () => {
  const now = new Date(2026, 10, 23, 12, 0)
  expect(daysOf([version(new Date(2026, 10, 24, 12, 0))], now)[0]?.label).toBe('Today')
})

test('says who and what', () => {
  const at = new Date(2026, 10, 23, 9, 5)
  const people = ['Ann', 'Bob', 'Cleo', 'Dan'].map((name) => ({ id: name, name, color: '#000000' }))
  expect(peopleIn(version(at, { people: people.slice(0, 2) }))).toBe('Ann and Bob')
  expect(peopleIn(version(at, { people }))).toBe('Ann, Bob and 2 more')
  expect(peopleIn(version(at))).toBe('')
  expect(nameOf(version(at))).toBe('Version of 09:05')
  expect(nameOf(version(at, { name: 'Draft', reason: 'named' }))).toBe('Draft')
  expect(nameOf(version(at, { reason: 'before-restore' }))).toBe('Before a restore')
})

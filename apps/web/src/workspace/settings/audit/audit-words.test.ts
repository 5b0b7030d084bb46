import { auditTypes } from '@realtime/contracts'
import { describe, expect, test } from 'vitest'
import { byName, everything, queryOf, targetName, typeLabel } from './audit-words.ts'

const now = Date.parse('2026-05-10T12:00:00Z')

test('every type has words', () => {
  for (const type of auditTypes) expect(typeLabel(type)).toMatch(/^[A-Z]\w+/)
})

test('who did it', () => {
  expect(byName({ by: { principal: 'user:a', name: 'Ada' } })).toBe('Ada')
  expect(byName({ by: { principal: 'service:document', name: '' } })).toBe('The server')
  expect(byName({ by: { principal: 'user:a', name: '' } })).toBe('Somebody who is gone')
})

test('what it was done to, unless that was themselves', () => {
  const by = { principal: 'user:ada', name: 'Ada' }
  expect(targetName({ by, target: { type: 'user', id: 'bob', name: 'Bob' } })).toBe('Bob')
  expect(targetName({ by, target: { type: 'user', id: 'ada', name: 'Ada' } })).toBe('')
  expect(targetName({ by, target: null })).toBe('')
})

describe('filters', () => {
  test('everything asks for nothing', () => expect(queryOf(everything, now)).toEqual({}))
  test('what is chosen is asked for', () =>
    expect(queryOf({ ...everything, type: 'member.left', by: 'ada', q: ' Bob ' }, now)).toEqual({
      type: 'member.left',
      by: 'ada',
      q: 'Bob',
    }))
  test('the last week', () =>
    expect(queryOf({ ...everything, period: 'week' }, now)).toEqual({ from: '2026-05-03T12:00:00.000Z' }))
  test('days are whole, in the time of the device', () => {
    const { from = '', to = '' } = queryOf({ ...everything, period: 'days', from: '2026-05-01', to: '2026-05-01' }, now)
    expect(new Date(from)).toEqual(new Date(2026, 4, 1))
    expect(new Date(to)).toEqual(new Date(2026, 4, 1, 23, 59, 59, 999))
  })
  test('days that are not set, or not of this period, are left out', () => {
    expect(queryOf({ ...everything, period: 'days', from: '2026-05-01' }, now)).toHaveProperty('from')
    expect(queryOf({ ...everything, period: 'days' }, now)).toEqual({})
    expect(queryOf({ ...everything, from: '2026-05-01', to: '2026-05-02' }, now)).toEqual({})
  })
})

import { plans } from '@realtime/contracts'
import { expect, it } from 'vitest'
import { bytes, costOf, daysUntil, includes, money, runs, savingOf, several } from './words.ts'

it('writes amounts and sizes as people do', () => {
  expect([money(900), money(750), money(120_000)]).toEqual(['$9', '$7.50', '$1,200'])
  expect([bytes(0), bytes(1), bytes(1_536), bytes(880_803_840), bytes(1024 ** 4)]).toEqual([
    '0 bytes',
    '1 bytes',
    '1.5 KB',
    '840 MB',
    '1 TB',
  ])
  expect([several(1, 'day'), several(2_000, 'AI credit')]).toEqual(['1 day', '2,000 AI credits'])
})

it('counts what seats cost, and what paying by the year saves', () => {
  expect(costOf(plans.team, 'month', 4)).toBe(3_600)
  expect(costOf(plans.team, 'year', 4)).toBe(36_000)
  expect(costOf(plans.free, 'month', 4)).toBe(0)
  expect(savingOf(plans.team)).toBe(17)
})

it('counts begun days as whole ones', () => {
  const now = Date.parse('2026-01-01T12:00:00Z')
  expect(daysUntil('2026-01-01T13:00:00Z', now)).toBe(1)
  expect(daysUntil('2026-01-15T12:00:00Z', now)).toBe(14)
  expect(daysUntil('2025-12-01T12:00:00Z', now)).toBe(0)
})

it('names what a plan includes', () => {
  expect(includes(plans.free.limits)).toEqual([
    'Up to 5 members',
    '1 GB of files',
    '30 days of history',
    '50 AI credits a month',
  ])
  expect(includes(plans.business.limits)).toContain('Unlimited history')
})

it('takes unknown states as running, ended ones not', () => {
  const subscription = {
    interval: 'month' as const,
    seats: 1,
    periodEnd: '',
    cancelAt: null,
    trialEnd: null,
  }
  const states = ['active', 'dreaming', 'canceled']
  expect(states.map((status) => runs({ ...subscription, status }))).toEqual([true, true, false])
  expect(runs(null)).toBe(false)
})

import { expect, test } from 'vitest'
import { Budget } from './budget.ts'

const limits = { perSecond: 10, burst: 5 }

test('a burst goes at once, and then so much a second', () => {
  const budget = new Budget(limits, 0)
  for (let count = 0; count < 5; count++) expect(budget.take(1, 0)).toBe(0)
  expect(budget.take(1, 0)).toBe(100)
  expect(budget.take(1, 50)).toBe(50)
  expect(budget.take(1, 100)).toBe(0)
  expect(budget.take(1, 100)).toBe(100)
})

test('rest fills it, but not beyond a burst', () => {
  const budget = new Budget(limits, 0)
  expect(budget.take(5, 0)).toBe(0)
  expect(budget.full(100)).toBe(false)
  expect(budget.full(60_000)).toBe(true)
  expect(budget.take(5, 60_000)).toBe(0)
  expect(budget.take(1, 60_000)).toBe(100)
})

test('more than a burst goes when it is full, and what follows waits for all of it', () => {
  const budget = new Budget(limits, 0)
  expect(budget.take(8, 0)).toBe(0)
  expect(budget.take(1, 0)).toBe(400)
})

test('what is spent without asking is owed', () => {
  const budget = new Budget(limits, 0)
  budget.spend(15)
  expect(budget.take(1, 0)).toBe(1_100)
  expect(budget.take(1, 1_100)).toBe(0)
})

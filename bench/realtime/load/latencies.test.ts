import { expect, test } from 'vitest'
import { Latencies } from './latencies.ts'

test('quantiles are of the times themselves, in whichever order they came', () => {
  const latencies = new Latencies()
  expect(latencies.quantile(0.5)).toBeNaN()
  for (let value = 10_000; value > 0; value--) latencies.add(value)
  expect(latencies.count).toBe(10_000)
  expect(latencies.quantile(0.5)).toBe(5_000)
  expect(latencies.quantile(0.99)).toBe(9_900)
  expect(latencies.quantile(1)).toBe(10_000)
  latencies.add(0.5)
  expect(latencies.quantile(0)).toBe(0.5)
})

test('one time is all of them', () => {
  const latencies = new Latencies()
  latencies.add(7)
  expect([latencies.quantile(0.01), latencies.quantile(0.99)]).toEqual([7, 7])
  latencies.clear()
  expect(latencies.count).toBe(0)
})

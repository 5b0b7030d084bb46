import { expect, test } from 'vitest'
import { cpuOf, familyOf, parseStat, resetPeak, residentOf } from './proc.ts'

test('a line of /proc is read behind a name that looks like fields', () => {
  const fields = ['S', '7', '1', '1', '0', '-1', '0', '0', '0', '0', '0', '150', '50', '300', '100', '20']
  expect(parseStat(`42 (a) b (c) ${fields.join(' ')}`)).toEqual({ parent: 7, seconds: 2, childSeconds: 4 })
})

test.runIf(process.platform === 'linux')('what this process uses is seen', () => {
  const before = cpuOf(process.pid)
  const until = performance.now() + 150
  while (performance.now() < until);
  expect(cpuOf(process.pid) - before).toBeGreaterThan(0.05)
  expect(familyOf(process.ppid)).toContain(process.pid)
  resetPeak(process.pid)
  const before100 = residentOf(process.pid).now
  const large = Buffer.alloc(100_000_000, 1)
  const held = residentOf(process.pid)
  expect(held.now - before100).toBeGreaterThan(80_000_000)
  expect(held.peak - before100).toBeGreaterThan(80_000_000)
  expect(large[1]).toBe(1)
})

import { expect, test } from 'vitest'
import { runsBetween } from './differences.ts'

/** A list made from another by its runs. */
function mended(is: string[], was: string[]): { list: string[]; changed: number } {
  const list = [...is]
  let changed = 0
  for (const run of runsBetween(is, was).reverse()) {
    list.splice(run.is[0], run.is[1] - run.is[0], ...was.slice(...run.was))
    changed += run.is[1] - run.is[0] + (run.was[1] - run.was[0])
  }
  return { list, changed }
}

const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
  return seed / 0x7fffffff
}

test('runs make one list the other', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = random(seed)
    const list = () => Array.from({ length: Math.floor(next() * 12) }, () => 'abcde'[Math.floor(next() * 5)] ?? '')
    const [is, was] = [list(), list()]
    expect(mended(is, was).list).toEqual(was)
    expect(runsBetween(is, [...is])).toEqual([])
  }
})

test('of two long lists only what differs is touched', () => {
  const is = Array.from({ length: 60_000 }, (_, index) => (index % 3 === 0 ? '' : `line ${index}`))
  const was = is.filter((_, index) => index !== 10 && index !== 50_000)
  was.splice(30_000, 0, 'gone', 'and gone')
  was[59_000] = 'other'
  const began = performance.now()
  const { list, changed } = mended(is, was)
  expect(list).toEqual(was)
  expect(changed).toBeLessThanOrEqual(8)
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('of two long lists with little in common all is touched, in time', () => {
  const is = Array.from({ length: 20_000 }, (_, index) => `a${index}`)
  const was = Array.from({ length: 20_000 }, (_, index) => `b${index}`)
  expect(mended(is, was).list).toEqual(was)
  const backwards = [...is].reverse()
  expect(mended(is, backwards).list).toEqual(backwards)
})

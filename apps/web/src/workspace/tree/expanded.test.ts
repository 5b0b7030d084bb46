import { describe, expect, it } from 'vitest'
import { readFolding, withFolded } from './expanded.ts'

describe('which branches are open', () => {
  it('is nothing when what was kept cannot be read', () => {
    expect(readFolding(null)).toEqual([])
    expect(readFolding('{"a":1}')).toEqual([])
    expect(readFolding('not json')).toEqual([])
    expect(readFolding('[["a",true],3,["b",false]]')).toEqual([
      ['a', true],
      ['b', false],
    ])
  })
  it('keeps the last word on each, and forgets those touched longest ago', () => {
    expect(withFolded([['a', true]], ['a', 'b'], false)).toEqual([
      ['a', false],
      ['b', false],
    ])
    const many = Array.from({ length: 500 }, (_, index) => [`d${index}`, true] as const)
    const kept = withFolded(many, ['d0'], true)
    expect(kept).toHaveLength(400)
    expect(kept.at(-1)).toEqual(['d0', true])
    expect(kept.some(([id]) => id === 'd1')).toBe(false)
  })
})

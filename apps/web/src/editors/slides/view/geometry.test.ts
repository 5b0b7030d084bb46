import { shapeForms } from '@realtime/resources'
import { describe, expect, test } from 'vitest'
import { lineGeometry } from './line.ts'
import { shapeGeometry } from './shape.ts'

describe.each(shapeForms)('%s', (form) => {
  test.each([
    [200, 100],
    [4, 4],
    [0, 0],
    [20_000, 4],
  ])('stands in a box of %d × %d', (width, height) => {
    const { path, inset } = shapeGeometry(form, width, height)
    expect(path).toMatch(/^M[-\d. MLHVAZ]+Z$/)
    const numbers = path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? []
    for (const number of numbers) expect(Math.abs(number)).toBeLessThanOrEqual(Math.max(width, height, 1) * 1.2)
    expect(inset.left + inset.right).toBeLessThanOrEqual(width + 0.01)
    expect(inset.top + inset.bottom).toBeLessThanOrEqual(height + 0.01)
  })
})

test('a rising line goes from the bottom left to the top right', () => {
  const line = { width: 100, height: 50, strokeWidth: 2, start: 'none', end: 'none' } as const
  expect(lineGeometry({ ...line, rising: true })).toEqual({ from: [0, 50], to: [100, 0], heads: '' })
  expect(lineGeometry({ ...line, rising: false })).toEqual({ from: [0, 0], to: [100, 50], heads: '' })
})

test('an arrow ends at its tip, and is never longer than its line', () => {
  const line = { width: 100, height: 0, rising: false, strokeWidth: 10, start: 'arrow', end: 'arrow' } as const
  const { from, to, heads } = lineGeometry(line)
  expect(heads.match(/M0\.00 0\.00|M100\.00 0\.00/g)).toHaveLength(2)
  expect(from[0]).toBeLessThan(to[0])
  const short = lineGeometry({ ...line, width: 6 })
  expect(short.from[0]).toBeLessThanOrEqual(short.to[0])
  expect(lineGeometry({ ...line, width: 0 }).heads).toBe('')
})

import type { DeckElement, LineElement } from '@realtime/resources'
import { describe, expect, test } from 'vitest'
import { endsOf, lineBetween, straightened } from './line-geometry.ts'
import { touched } from './marquee.ts'

const line = (fields: Partial<LineElement>): LineElement => ({
  ...{ id: 'l', type: 'line', x: 0, y: 0, width: 100, height: 50, rotation: 0, order: 'a0', opacity: 1 },
  ...{ rising: false, stroke: 'text', strokeWidth: 2, dashed: false, start: 'none', end: 'none' },
  ...fields,
})

describe('lines', () => {
  test('a box and its two ends say the same', () => {
    for (const [start, end] of [
      [
        { x: 10, y: 20 },
        { x: 110, y: 70 },
      ],
      [
        { x: 10, y: 70 },
        { x: 110, y: 20 },
      ],
      [
        { x: 10, y: 20 },
        { x: 110, y: 20 },
      ],
      [
        { x: 10, y: 20 },
        { x: 10, y: 90 },
      ],
    ] as const) {
      const { draft, swapped } = lineBetween(start, end)
      expect(swapped).toBe(false)
      expect(endsOf(line(draft))).toEqual([start, end])
    }
  })

  test('from right to left the ends change places', () => {
    const { draft, swapped } = lineBetween({ x: 110, y: 20 }, { x: 10, y: 70 })
    expect(swapped).toBe(true)
    expect(endsOf(line(draft))).toEqual([
      { x: 10, y: 70 },
      { x: 110, y: 20 },
    ])
  })

  test('a turned line has turned ends', () => {
    const [start, end] = endsOf(line({ height: 0, rotation: 90 }))
    expect([start.x, start.y, end.x, end.y].map(Math.round)).toEqual([50, -50, 50, 50])
  })

  test('with Shift it goes in steps of 45 degrees', () => {
    const { x, y } = straightened({ x: 0, y: 0 }, { x: 100, y: 8 })
    expect([Math.round(x), Math.round(y)]).toEqual([100, 0])
    const across = straightened({ x: 0, y: 0 }, { x: 100, y: 90 })
    expect(across.x).toBeCloseTo(across.y)
  })
})

describe('an area drawn', () => {
  const box = (id: string, fields: Partial<DeckElement>) => ({ ...line(fields as Partial<LineElement>), id })
  test('takes what it touches, turned as it is', () => {
    const flat = box('flat', { x: 0, y: 0, width: 100, height: 10 })
    const turned = box('turned', { x: 0, y: 0, width: 100, height: 10, rotation: 90 })
    const far = box('far', { x: 500, y: 500 })
    expect(touched([flat, turned, far], { left: 40, top: 30, right: 60, bottom: 40 })).toEqual(['turned'])
    expect(touched([flat, turned, far], { left: -10, top: -10, right: 5, bottom: 20 })).toEqual(['flat'])
    expect(touched([flat, turned, far], { left: -100, top: -100, right: 900, bottom: 900 })).toHaveLength(3)
  })
})

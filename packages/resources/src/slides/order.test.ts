import { describe, expect, test } from 'vitest'
import { byOrder, type Ordered, placesAt, readOrder } from './order.ts'

const items = (...orders: string[]): Ordered[] => orders.map((order, index) => ({ id: `i${index}`, order }))

function inserted(all: Ordered[], index: number, count = 1): string[] {
  const { keys, moved } = placesAt(all, index, count)
  const next = all.map((item) => moved.find((one) => one.id === item.id) ?? item)
  keys.forEach((order, at) => {
    next.push({ id: `new${at}`, order })
  })
  return next.sort(byOrder).map((item) => item.id)
}

describe('places', () => {
  test('reads keys, and anything else as the empty one', () => {
    expect(readOrder('a0')).toBe('a0')
    for (const other of ['', 'x', 'A', '!', 'a0 ', 'a00', null, 5, {}, 'a'.repeat(300)])
      expect(readOrder(other)).toBe('')
  })

  test('newcomers stand where they were put: first, between, last', () => {
    const all = items('a0', 'a1', 'a2')
    expect(inserted(all, 0)).toEqual(['new0', 'i0', 'i1', 'i2'])
    expect(inserted(all, 1, 2)).toEqual(['i0', 'new0', 'new1', 'i1', 'i2'])
    expect(inserted(all, 3)).toEqual(['i0', 'i1', 'i2', 'new0'])
    expect(inserted([], 0)).toEqual(['new0'])
  })

  test('between two of the same key the second moves aside', () => {
    expect(inserted(items('a0', 'a0', 'a0', 'a1'), 1)).toEqual(['i0', 'new0', 'i1', 'i2', 'i3'])
    expect(inserted(items('a0', 'a0'), 1, 3)).toEqual(['i0', 'new0', 'new1', 'new2', 'i1'])
  })

  test('between unreadable keys too', () => {
    expect(inserted(items('', '', 'a0'), 1)).toEqual(['i0', 'new0', 'i1', 'i2'])
    expect(inserted(items('', ''), 2)).toEqual(['i0', 'i1', 'new0'])
    expect(inserted(items('', ''), 0)).toEqual(['new0', 'i0', 'i1'])
  })
})

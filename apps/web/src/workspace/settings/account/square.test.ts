import { expect, test } from 'vitest'
import { LONGEST_PICTURE, middleOf, smallest } from './square.ts'

test('the middle of an image', () => {
  expect(middleOf(400, 300)).toEqual({ x: 50, y: 0, edge: 300 })
  expect(middleOf(300, 401)).toEqual({ x: 0, y: 50, edge: 300 })
  expect(middleOf(7, 7)).toEqual({ x: 0, y: 0, edge: 7 })
})

test('what is small enough first is taken', () => {
  const tried: string[] = []
  const url = smallest((type, quality) => {
    tried.push(`${type} ${quality}`)
    return quality > 0.8 ? 'x'.repeat(LONGEST_PICTURE + 1) : 'small'
  })
  expect(url).toBe('small')
  expect(tried).toEqual(['image/webp 0.9', 'image/jpeg 0.85', 'image/jpeg 0.6'])
  expect(() => smallest(() => 'x'.repeat(LONGEST_PICTURE + 1))).toThrow('cannot be made small enough')
})

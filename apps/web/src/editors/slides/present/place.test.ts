import type { Slide } from '@realtime/resources'
import { expect, test } from 'vitest'
import { moved, placeAt, resolve, shown } from './place.ts'

function slides(...ids: string[]): Slide[] {
  return ids.map((id) => ({
    id: id.replace('-', ''),
    order: id,
    layout: 'blank',
    background: null,
    hidden: id.startsWith('-'),
    notes: null,
    elements: [],
  }))
}

test('a show begins where it is told, and never on a hidden slide', () => {
  const deck = slides('-a', 'b', '-c', 'd', '-e')
  expect(placeAt(deck, null)).toEqual({ slide: 'b', index: 0 })
  expect(placeAt(deck, 'd')).toEqual({ slide: 'd', index: 1 })
  expect(placeAt(deck, 'c')).toEqual({ slide: 'd', index: 1 })
  expect(placeAt(deck, 'e')).toEqual({ slide: 'd', index: 1 })
  expect(placeAt(deck, 'gone')).toEqual({ slide: 'b', index: 0 })
  expect(placeAt(slides('-a'), 'a')).toEqual({ slide: null, index: 0 })
})

test('commands lead along the slides shown, and not beyond their ends', () => {
  const list = shown(slides('a', '-b', 'c', 'd'))
  const at = placeAt(list, 'a')
  expect(moved(list, at, 'next').slide).toBe('c')
  expect(moved(list, at, 'previous')).toBe(at)
  expect(moved(list, at, 'last').slide).toBe('d')
  expect(moved(list, placeAt(list, 'd'), 'next').slide).toBe('d')
  expect(moved(list, at, { goto: 2 }).slide).toBe('c')
  expect(moved(list, at, { goto: 99 }).slide).toBe('d')
  expect(moved(list, at, { goto: 0 }).slide).toBe('a')
  expect(moved(list, at, 'black')).toBe(at)
})

test('whoever deletes or moves slides leaves the show where it stands', () => {
  expect(resolve(slides('a', 'c'), { slide: 'b', index: 1 })).toEqual({ slide: 'c', index: 1 })
  expect(resolve(slides('a'), { slide: 'c', index: 2 })).toEqual({ slide: 'a', index: 0 })
  expect(resolve(slides('x', 'a', 'b'), { slide: 'b', index: 1 })).toEqual({ slide: 'b', index: 2 })
  expect(resolve([], { slide: 'b', index: 1 })).toEqual({ slide: null, index: 0 })
})

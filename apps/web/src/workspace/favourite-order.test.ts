import { describe, expect, it } from 'vitest'
import { afterDrop, afterStep, withMoved } from './favourite-order.ts'
import { aDocument } from './fixtures.testing.ts'

const list = ['a', 'b', 'c'].map((id) => aDocument(id))
const idsOf = (one: { id: string }[]) => one.map(({ id }) => id).join('')

describe('sorting favourites', () => {
  it('goes a step up or down, and no further than the ends', () => {
    expect(afterStep(list, 'b', -1)).toBeNull()
    expect(afterStep(list, 'c', -1)).toBe('a')
    expect(afterStep(list, 'a', 1)).toBe('b')
    expect(afterStep(list, 'b', 1)).toBe('c')
    expect([afterStep(list, 'a', -1), afterStep(list, 'c', 1), afterStep(list, 'x', 1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('lets go above or below another one, where that changes something', () => {
    expect(afterDrop(list, 'c', 'a', 'before')).toBeNull()
    expect(afterDrop(list, 'c', 'a', 'behind')).toBe('a')
    expect(afterDrop(list, 'a', 'c', 'before')).toBe('b')
    expect(afterDrop(list, 'a', 'c', 'behind')).toBe('c')
    const nothing = [
      afterDrop(list, 'a', 'b', 'before'),
      afterDrop(list, 'b', 'a', 'behind'),
      afterDrop(list, 'b', 'c', 'before'),
      afterDrop(list, 'a', 'a', 'behind'),
      afterDrop(list, 'x', 'a', 'behind'),
      afterDrop(list, 'a', 'x', 'behind'),
    ]
    expect(nothing.every((one) => one === undefined)).toBe(true)
  })

  it('shows it behind the other one, and changes nothing where that is not known', () => {
    expect(idsOf(withMoved(list, 'c', null))).toBe('cab')
    expect(idsOf(withMoved(list, 'a', 'b'))).toBe('bac')
    expect(idsOf(withMoved(list, 'a', 'c'))).toBe('bca')
    expect(idsOf(withMoved(list, 'a', 'x'))).toBe('abc')
    expect(idsOf(withMoved(list, 'x', 'a'))).toBe('abc')
  })
})

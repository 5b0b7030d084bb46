import { deckRoots } from '@realtime/resources'
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { useDeck } from './use-deck.ts'

function slideOf(doc: Y.Doc, id: string): Y.Map<unknown> {
  return doc.getMap(deckRoots.slides).get(id) as Y.Map<unknown>
}

function deckOfTwo(): Y.Doc {
  const doc = new Y.Doc()
  for (const [id, order] of [
    ['one', 'a0'],
    ['two', 'a1'],
  ] as const) {
    const text = new Y.XmlFragment()
    const box = new Y.Map<unknown>(Object.entries({ type: 'text', x: 1, order: 'a0', text }))
    const elements = new Y.Map<unknown>([['box', box]])
    doc.getMap(deckRoots.slides).set(id, new Y.Map<unknown>(Object.entries({ order, layout: 'blank', elements })))
  }
  return doc
}

test('a change of one slide leaves the others the values they were', () => {
  const doc = deckOfTwo()
  const { result } = renderHook(() => useDeck(doc))
  const [one, two] = result.current.slides
  act(() => slideOf(doc, 'two').set('background', 'accent'))
  expect(result.current.slides[0]).toBe(one)
  expect(result.current.slides[1]).not.toBe(two)
  expect(result.current.slides[1]).toMatchObject({ id: 'two', background: 'accent' })
  expect(result.current.slides[1]?.elements).toBe(two?.elements)
})

test('a slide that moves stays the value it was, but for its order', () => {
  const doc = deckOfTwo()
  const { result } = renderHook(() => useDeck(doc))
  const elements = result.current.slides[0]?.elements
  act(() => slideOf(doc, 'one').set('order', 'a2'))
  expect(result.current.slides.map((slide) => slide.id)).toEqual(['two', 'one'])
  expect(result.current.slides[1]?.elements).toBe(elements)
})

test('typing in a box is no change of the deck', () => {
  const doc = deckOfTwo()
  const { result } = renderHook(() => useDeck(doc))
  const deck = result.current
  const element = deck.slides[0]?.elements[0]
  if (element?.type !== 'text') throw new Error('no box')
  act(() => element.text.insert(0, [new Y.XmlText('typed')]))
  expect(result.current).toBe(deck)
})

import { cleanup, fireEvent, renderHook } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import type { Studio } from './studio.ts'
import { useDeckKeys } from './use-deck-keys.ts'

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

test('keys change nothing while something else stands in the place of the deck', () => {
  const place = document.body.appendChild(document.createElement('div'))
  const root = place.appendChild(document.createElement('div'))
  let undone = 0
  const studio = { undo: () => undone++ } as unknown as Studio
  renderHook(() => useDeckKeys({ current: root }, studio))

  fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true })
  expect(undone).toBe(1)
  place.setAttribute('inert', '')
  fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true })
  expect(undone).toBe(1)
  place.removeAttribute('inert')
  fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true })
  expect(undone).toBe(2)
})

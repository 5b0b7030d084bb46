import { Problem } from '@realtime/contracts'
import { expect, test } from 'vitest'
import { blockersOf } from './blockers.ts'

test('names what cannot be left', () => {
  const conflict = (organizations: unknown) => new Problem('conflict', undefined, { extra: { organizations } })
  expect(blockersOf(conflict(['Acme', 'Bolt']))).toEqual(['Acme', 'Bolt'])
  expect(blockersOf(conflict([{ id: 'a', name: 'Acme' }]))).toEqual(['Acme'])
  expect(blockersOf(conflict([]))).toBeNull()
  expect(blockersOf(conflict(undefined))).toBeNull()
  expect(blockersOf(new Problem('forbidden', undefined, { extra: { organizations: ['Acme'] } }))).toBeNull()
  expect(blockersOf(new Error('conflict'))).toBeNull()
})

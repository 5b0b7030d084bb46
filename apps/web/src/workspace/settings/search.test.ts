import { expect, test } from 'vitest'
import { found } from './search.ts'

test.each([
  ['', true],
  ['  ', true],
  ['ada', true],
  ['LOVE ada', true],
  ['example.org', true],
  ['adá', true],
  ['adam', false],
  ['ada bob', false],
])('%j', (q, expected) => expect(found(q, 'Ada Lovelace', 'ada@example.org', undefined)).toBe(expected))

test('finds accents without them', () => expect(found('zoe', 'Zoë')).toBe(true))

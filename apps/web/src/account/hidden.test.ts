import { expect, test } from 'vitest'
import { mayBe } from './hidden.ts'

test.each([
  ['a…@e….com', 'ada@example.com', true],
  ['a…@e….com', 'Ada@Example.COM', true],
  ['a…@e….com', 'bob@example.com', false],
  ['a…@e….com', 'ada@example.org', false],
  ['a…@e….com', 'ada@other.com', false],
  ['r…@l…', 'root@localhost', true],
  ['a+…@e….com', 'a+b@example.com', true],
  ['a+…@e….com', 'aab@example.com', false],
])('%s and %s: %s', (hidden, address, expected) => expect(mayBe(hidden, address)).toBe(expected))

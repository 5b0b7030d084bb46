import { expect, it } from 'vitest'
import { hiddenAddress } from './views.ts'

it.each([
  ['ada@example.com', 'a…@e….com'],
  ['a@b.co.uk', 'a…@b….uk'],
  ['root@localhost', 'r…@l…'],
  ['x@y@mail.example.org', 'x…@m….org'],
])('%s is shown as %s', (address, shown) => {
  expect(hiddenAddress(address)).toBe(shown)
})

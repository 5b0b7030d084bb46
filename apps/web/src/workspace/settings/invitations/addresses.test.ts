import { describe, expect, test } from 'vitest'
import { complaintOf, MOST_ADDRESSES, readAddresses } from './addresses.ts'

describe('addresses as people paste them', () => {
  test.each([
    ['ada@example.org', ['ada@example.org']],
    [
      ' Ada@Example.org, bob@example.org;\ncarol@example.org ',
      ['ada@example.org', 'bob@example.org', 'carol@example.org'],
    ],
    ['ada@example.org bob@example.org', ['ada@example.org', 'bob@example.org']],
    ['Ada Lovelace <ada@example.org>, "Bob" <bob@example.org>', ['ada@example.org', 'bob@example.org']],
    ['ada@example.org, ADA@example.org', ['ada@example.org']],
    ['mailto:ada@example.org', ['ada@example.org']],
    ['', []],
  ])('%j', (text, addresses) => expect(readAddresses(text)).toEqual({ addresses, wrong: [] }))

  test('keep what is none', () =>
    expect(readAddresses('ada@example.org, bob, Carol <carol@>')).toEqual({
      addresses: ['ada@example.org'],
      wrong: ['bob', 'carol@'],
    }))
})

describe('what is wrong', () => {
  test('nothing', () => expect(complaintOf(readAddresses('ada@example.org'))).toBeUndefined())
  test('none', () => expect(complaintOf(readAddresses(' '))).toBe('Enter an e-mail address at least.'))
  test('not an address', () => expect(complaintOf(readAddresses('a b c d'))).toBe('Not an e-mail address: a, b, c…'))
  test('too many', () => {
    const many = Array.from({ length: MOST_ADDRESSES + 1 }, (_, index) => `p${index}@example.org`).join(',')
    expect(complaintOf(readAddresses(many))).toMatch(/^20 at a time/)
  })
})

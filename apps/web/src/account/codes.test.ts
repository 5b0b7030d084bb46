import { describe, expect, test } from 'vitest'
import { readCode } from './codes.ts'

describe('codes of an app', () => {
  test.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['１２３４５６', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['۱۲۳۴۵۶', '123456'],
  ])('%j is %s', (typed, code) => expect(readCode(typed, false)).toEqual({ code }))
  test.each(['', '12345', '1234567', 'abcdef'])('%j is none', (typed) =>
    expect(readCode(typed, false).error).toBe('The code has six digits.'),
  )
})

describe('recovery codes', () => {
  test('keep their hyphen and case', () => expect(readCode(' aBcDe-12345 ', true)).toEqual({ code: 'aBcDe-12345' }))
  test('are longer than what an app shows', () =>
    expect(readCode('123456', true).error).toBe('A recovery code is longer.'))
  test('must be given', () => expect(readCode('  ', true).error).toBe('Enter a recovery code.'))
})

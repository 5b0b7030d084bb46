import { expect, test } from 'vitest'
import { providerErrorOf } from './provider-errors.ts'

test('says nothing where nothing went wrong', () => {
  expect(providerErrorOf(null)).toBeNull()
  expect(providerErrorOf('')).toBeNull()
})

test('knows problems of ours and what libraries call them', () => {
  expect(providerErrorOf('suspended')).toMatch(/suspended/)
  expect(providerErrorOf('access_denied')).toBe('Signing in was cancelled.')
  expect(providerErrorOf('account_not_linked')).toBe(providerErrorOf('email-unverified'))
  expect(providerErrorOf('state_mismatch')).toBe(providerErrorOf('expired'))
})

test('never repeats what stands in an address', () => {
  expect(providerErrorOf('Your account was hacked, call 0800')).toMatch(/^Signing in there did not work/)
  expect(providerErrorOf('constructor')).toMatch(/^Signing in there did not work/)
})

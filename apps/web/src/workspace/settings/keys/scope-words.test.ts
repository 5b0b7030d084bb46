import { expect, test } from 'vitest'
import { expiryWords } from './scope-words.ts'

const now = Date.parse('2026-05-01T12:00:00Z')

test('when a key ends', () => {
  expect(expiryWords(null, now)).toEqual({ text: 'never expires', near: false })
  expect(expiryWords('2026-08-01T12:00:00Z', now)).toEqual({ text: 'expires on Aug 1, 2026', near: false })
  expect(expiryWords('2026-05-10T12:00:00Z', now).near).toBe(true)
  expect(expiryWords('2026-04-30T12:00:00Z', now)).toEqual({ text: 'expired on Apr 30, 2026', near: true })
})

import { expect, it } from 'vitest'
import { matchingStep, stepOf, totpAt } from './totp.ts'

const secret = '12345678901234567890'

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('gives the code of RFC 6238 at second %i', (second, code) => {
  expect(totpAt(secret, stepOf(second * 1000))).toBe(code)
})

it('takes a code one step early or late, and no other', () => {
  const now = 1_234_567_890_000
  const step = stepOf(now)
  for (const near of [step - 1, step, step + 1]) expect(matchingStep(secret, totpAt(secret, near), now)).toBe(near)
  for (const far of [step - 2, step + 2]) expect(matchingStep(secret, totpAt(secret, far), now)).toBeNull()
  for (const wrong of ['', '00592', '0059244']) expect(matchingStep(secret, wrong, now)).toBeNull()
})

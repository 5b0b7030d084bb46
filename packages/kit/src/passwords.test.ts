import { expect, it } from 'vitest'
import { hashPassword, rejectPassword, verifyPassword } from './passwords.ts'

it('keeps passwords as argon2id by the parameters of OWASP, each with a salt of its own', async () => {
  const [hash, other] = await Promise.all([hashPassword('a password'), hashPassword('a password')])
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(other).not.toBe(hash)
  expect(await verifyPassword({ hash, password: 'a password' })).toBe(true)
  expect(await verifyPassword({ hash, password: 'a Password' })).toBe(false)
})

it('takes nothing for a password of what is no hash', async () => {
  for (const hash of ['', 'plain', '$argon2id$broken'])
    expect(await verifyPassword({ hash, password: hash })).toBe(false)
  expect(await rejectPassword('no password of anyone')).toBe(false)
})

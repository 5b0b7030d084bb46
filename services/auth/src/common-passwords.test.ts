import { expect, it } from 'vitest'
import { assertGoodPassword, weaknessOf } from './common-passwords.ts'

const own = { name: 'Grace Hopper', email: 'grace.hopper@example.com' }

it.each([
  'password123',
  'PASSWORD123',
  '1234567890',
  'qwertyuiop',
  'iloveyou123',
  'Football2026',
  '!!dragon77',
  'passwordpassword',
  'abcabcabcabc',
  'aaaaaaaaaaaa',
  '0123456789',
  'zyxwvutsrq',
  'ｐａｓｓｗｏｒｄ１２３',
  'Grace Hopper',
  'gracehopper1',
  'grace.hopper@example.com',
])('refuses %s', (password) => {
  expect(weaknessOf(password, own)).toEqual(expect.any(String))
})

it.each([
  'correct horse battery',
  'Tr0ub4dor&3xyz',
  'grace likes compilers',
  'ä'.repeat(255).concat('z'),
  '密码密码不好猜的一句话',
])('takes %s', (password) => {
  expect(weaknessOf(password, own)).toBeNull()
})

it('says where it is wrong', () => {
  expect(() => assertGoodPassword('password123', own)).toThrow(
    expect.objectContaining({
      key: 'invalid-input',
      errors: [{ path: 'body.password', message: 'is one of the most common ones; choose another' }],
    }),
  )
})

it('takes a name that is short or has no letters for nothing', () => {
  expect(weaknessOf('correct horse battery', { name: 'co', email: '1@example.com' })).toBeNull()
})

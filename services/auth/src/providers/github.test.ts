import { expect, it } from 'vitest'
import { apiOf } from './github.ts'

it('finds the API of github.com, of a company at ghe.com, and of a server of one’s own', () => {
  expect(apiOf('https://github.com')).toBe('https://api.github.com')
  expect(apiOf('https://acme.ghe.com')).toBe('https://api.acme.ghe.com')
  expect(apiOf('https://git.acme.example')).toBe('https://git.acme.example/api/v3')
  expect(apiOf('https://notgithub.com')).toBe('https://notgithub.com/api/v3')
})

import { describeConfig, readConfig } from '@realtime/kit'
import { expect, it } from 'vitest'
import { authConfig } from './config.ts'

const env = {
  AUTH_LISTEN: '127.0.0.1:1',
  AUTH_INTERNAL_LISTEN: '127.0.0.1:2',
  PUBLIC_URL: 'http://localhost:3000',
  AUTH_SERVICE_SECRET: 'a service secret of auth for tests',
  AUTH_SECRET: 'a secret of auth for tests, long enough',
  DATABASE_URL: 'postgresql://localhost/x',
}

it('takes a provider as a whole or not at all', () => {
  expect(readConfig(authConfig, env)).toMatchObject({ OIDC_NAME: 'Single sign-on', SIGN_UP_DEFAULT: 'open' })
  expect(readConfig(authConfig, { ...env, GITHUB_CLIENT_ID: 'a', GITHUB_CLIENT_SECRET: 'b' })).toMatchObject({
    GITHUB_CLIENT_SECRET: 'b',
    GITHUB_URL: 'https://github.com',
  })
  expect(() => readConfig(authConfig, { ...env, GOOGLE_CLIENT_ID: 'a' })).toThrow(/GOOGLE_CLIENT_SECRET: is not set/)
  const issuer = { ...env, OIDC_ISSUER: 'https://id.example.org/' }
  expect(() => readConfig(authConfig, issuer)).toThrow(
    /OIDC_CLIENT_ID: is not set[\s\S]*OIDC_CLIENT_SECRET: is not set/,
  )
})

it('describes each variable', () => {
  const rows = describeConfig(authConfig)
  for (const { name, description } of rows) expect([name, description]).toEqual([name, expect.stringMatching(/\w/)])
  expect(rows.map(({ name }) => name)).toContain('GOOGLE_CLIENT_SECRET')
})

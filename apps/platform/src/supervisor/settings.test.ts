import { ConfigError } from '@realtime/kit/config'
import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'
import { environmentOf } from './wiring.ts'

test('nothing has to be set', () => {
  const settings = readSettings({})
  expect(settings).toMatchObject({ host: '127.0.0.1', port: 3000, publicUrl: 'http://localhost:3000', signUp: 'open' })
  expect(settings.advice).toBeNull()
  expect(settings.databaseUrl).toBeNull()
  expect(settings.dataDir).toMatch(/[\\/]\.data$/)
})

test('a wider host closes sign-up and says which address others need', () => {
  const settings = readSettings({ HOST: '192.0.2.7', PORT: '80' })
  expect(settings.signUp).toBe('invitation')
  expect(settings.advice).toContain('PUBLIC_URL=http://192.0.2.7:80')
  const told = readSettings({ HOST: '0.0.0.0', PUBLIC_URL: 'http://docs.example.org/', SIGN_UP: 'open' })
  expect(told).toMatchObject({ publicUrl: 'http://docs.example.org', signUp: 'open', advice: null })
})

test('every wrong variable is named', () => {
  const wrong = () => readSettings({ PORT: 'eighty', PUBLIC_URL: 'docs', SIGN_UP: 'maybe', DATABASE_URL: 'mysql://x' })
  expect(wrong).toThrow(ConfigError)
  for (const name of ['PORT', 'PUBLIC_URL', 'SIGN_UP', 'DATABASE_URL']) expect(wrong).toThrow(name)
})

test('a part gets its own variables and nothing else', () => {
  const env = { PATH: '/bin', HOME: '/home/a', LOG_LEVEL: 'debug', AUTH_SECRET: 'other', GEMINI_API_KEY: 'key' }
  const part = environmentOf(['AUTH_SECRET', 'LOG_LEVEL', 'SIGN_UP'], { AUTH_SECRET: 'wired', DOCUMENT_URL: 'x' }, env)
  expect(part).toEqual({
    PATH: '/bin',
    HOME: '/home/a',
    LOG_LEVEL: 'debug',
    AUTH_SECRET: 'wired',
    NODE_ENV: 'production',
  })
})

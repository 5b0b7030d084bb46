import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, databaseFields, describeConfig, field, parseAddress, readConfig } from './config.ts'

const schema = z.object({
  AUTH_LISTEN: field.listen('auth'),
  AUTH_URL: field.url('auth'),
  AUTH_SERVICE_SECRET: field.serviceSecret('auth'),
  LOG_LEVEL: field.logLevel(),
  ...databaseFields,
})
const good = {
  AUTH_LISTEN: '127.0.0.1:4001',
  AUTH_URL: 'http://localhost:4001//',
  AUTH_SERVICE_SECRET: 's'.repeat(32),
  DATABASE_URL: 'postgresql://me:hunter2@localhost/db',
}

function issuesOf(env: Record<string, string>): Record<string, string> {
  try {
    readConfig(schema, env)
    return {}
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const { name, description } of error.issues) {
      expect(description, name).not.toBe('')
      expect(error.message).toContain(`${name}: `)
      expect(error.message).toContain(description)
    }
    return Object.fromEntries(error.issues.map(({ name, message }) => [name, message]))
  }
}

test('what is given is read, and an empty variable is unset', () => {
  expect(readConfig(schema, { ...good, LOG_LEVEL: '', DATABASE_POOL: '9', FOREIGN: 'x' })).toEqual({
    ...good,
    AUTH_URL: 'http://localhost:4001',
    LOG_LEVEL: 'info',
    DATABASE_POOL: 9,
  })
})

test('every missing and every wrong variable is named at once, with what it is for', () => {
  expect(
    issuesOf({ AUTH_LISTEN: '', AUTH_SERVICE_SECRET: 'hunter2', LOG_LEVEL: 'loud', DATABASE_POOL: 'many' }),
  ).toEqual({
    AUTH_LISTEN: 'is not set',
    AUTH_URL: 'is not set',
    AUTH_SERVICE_SECRET: 'must have at least 32 characters',
    LOG_LEVEL: expect.stringContaining('info'),
    DATABASE_URL: 'is not set',
    DATABASE_POOL: expect.stringContaining('number'),
  })
})

test.each([
  ['AUTH_LISTEN', '4001'],
  ['AUTH_LISTEN', 'localhost:'],
  ['AUTH_LISTEN', 'localhost:99999'],
  ['AUTH_URL', 'ftp://localhost'],
  ['AUTH_URL', 'localhost:4001'],
  ['DATABASE_URL', 'mysql://localhost/db'],
  ['DATABASE_POOL', '0'],
  ['DATABASE_POOL', '1.5'],
])('%s is not %s', (name, value) => {
  expect(Object.keys(issuesOf({ ...good, [name]: value }))).toEqual([name])
})

test('values are not repeated in what is said about them', () => {
  const env = { ...good, AUTH_SERVICE_SECRET: 'hunter2', DATABASE_URL: 'mysql://me:hunter2@localhost' }
  expect(() => readConfig(schema, env)).toThrow(/^(?!.*hunter2)/s)
})

test('the reference has a row for each variable', () => {
  const rows = describeConfig(schema)
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(schema.shape))
  expect(rows.every(({ description }) => description !== '')).toBe(true)
  expect(Object.fromEntries(rows.map((row) => [row.name, row.default]))).toMatchObject({
    AUTH_LISTEN: 'required',
    LOG_LEVEL: 'info',
    DATABASE_POOL: '5',
    DATABASE_ADMIN_URL: '',
  })
})

test('addresses', () => {
  expect(parseAddress('127.0.0.1:80')).toEqual({ host: '127.0.0.1', port: 80 })
  expect(parseAddress('[::1]:8080')).toEqual({ host: '::1', port: 8080 })
})

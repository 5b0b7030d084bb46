import { ConfigError, readConfig } from '@realtime/kit'
import { expect, it } from 'vitest'
import { organizationConfig } from './config.ts'

const needed = {
  ORGANIZATION_LISTEN: '127.0.0.1:0',
  ORGANIZATION_INTERNAL_LISTEN: '127.0.0.1:0',
  PUBLIC_URL: 'http://localhost:3000',
  ORGANIZATION_SERVICE_SECRET: 's'.repeat(32),
  AUTH_URL: 'http://localhost:4001',
  AUTH_INTERNAL_URL: 'http://localhost:4101',
  AUTH_SERVICE_SECRET: 's'.repeat(32),
  DATABASE_URL: 'postgresql://localhost/db',
}

function wrong(more: Record<string, string>): string[] {
  try {
    readConfig(organizationConfig, { ...needed, ...more })
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toContain('hunter2')
    return error.issues.map(({ name, message }) => `${name} ${message}`)
  }
}

it('needs nothing of Stripe, or the key and the secret of the webhook', () => {
  const [STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET] = ['sk_test_1', 'whsec_1']
  expect(wrong({})).toEqual([])
  expect(wrong({ STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET })).toEqual([])
  expect(wrong({ STRIPE_SECRET_KEY })).toEqual(['STRIPE_WEBHOOK_SECRET is not set'])
  expect(wrong({ STRIPE_SECRET_KEY: 'pk_hunter2', STRIPE_WEBHOOK_SECRET: 'hunter2' })).toHaveLength(2)
})

it('needs connections beside those that wait for Stripe', () => {
  const stripe = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' }
  expect(wrong({ DATABASE_POOL: '1' })).toEqual([])
  expect(wrong({ ...stripe, DATABASE_POOL: '3' })).toEqual([])
  expect(wrong({ ...stripe, DATABASE_POOL: '2' })).toEqual(['DATABASE_POOL must be at least 3 with STRIPE_SECRET_KEY'])
})

import { expect, test } from 'vitest'
import { isDatabaseDown } from './down.ts'

test.each([
  [{ code: 'ECONNREFUSED' }],
  [{ code: '57P01', message: 'terminating connection due to administrator command' }],
  [{ code: '08006' }],
  [{ code: 'P1001' }],
  [new Error('Connection terminated unexpectedly')],
  [new Error('query failed', { cause: { kind: 'ConnectionClosed' } })],
  // While PostgreSQL recovers, as Prisma tells it.
  [{ code: 'P2039', meta: { driverAdapterError: { cause: { originalCode: '57P03', kind: 'postgres' } } } }],
])('a database that is away: %o', (error) => {
  expect(isDatabaseDown(error)).toBe(true)
})

test.each([
  [null],
  ['text'],
  [{ code: '23505' }],
  [{ code: 'P2002', meta: { target: [] } }],
  [new Error('syntax error')],
])('not the database being away: %o', (error) => {
  expect(isDatabaseDown(error)).toBe(false)
})

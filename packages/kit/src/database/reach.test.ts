import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { clientConfig } from './connect.ts'
import { prepareDatabase } from './prepare.ts'
import { connectClient, DatabaseUnreachable, describeDatabase } from './reach.ts'

const SECRET = 's3cret'

describe('an unreachable database', () => {
  test('is named with host, port, reason and advice, never with its password', async () => {
    const url = `postgresql://someone:${SECRET}@127.0.0.1:1/things`
    const failed = prepareDatabase({ name: 'auth', config: { DATABASE_URL: url }, migrationsDir: '/none', waitMs: 0 })
    const error = await failed.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DatabaseUnreachable)
    expect(String(error)).toBe(
      'DatabaseUnreachable: Cannot use the database at 127.0.0.1:1/things: nothing listens there. Start PostgreSQL there, or correct DATABASE_URL.',
    )
  })

  test.each([`postgresql://a:${SECRET}#x@localhost:1/y`, `mysql://a:${SECRET}@localhost/y`, SECRET, ''])(
    'a URL that cannot be read is said so: %s',
    async (url) => {
      const error = await connectClient({ connectionString: url }).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(DatabaseUnreachable)
      expect(String(error)).toContain('cannot be read')
      expect(String(error)).not.toContain(SECRET)
    },
  )

  test('is tried again until it is there', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const url = `postgresql://someone@127.0.0.1:${port}/things`
    await expect(connectClient({ connectionString: url }, { waitMs: 400 })).rejects.toThrow(/cut|no answer/)
    expect(connections).toBeGreaterThan(2)
    server.close()
  })
})

test('a database is described without user and password', () => {
  expect(describeDatabase(`postgresql://me:${SECRET}@db.example.org:6000/things`)).toBe('db.example.org:6000/things')
  expect(describeDatabase('postgresql:///things?host=/run/postgresql')).toContain('/run/postgresql')
})

test('options of the URL are kept beside ours', () => {
  const url = 'postgresql://me@localhost/things?options=-c%20statement_timeout%3D5s&sslmode=disable'
  const config = clientConfig({ url, schema: 'auth', role: 'rc_auth' })
  expect(config.options).toBe('-c statement_timeout=5s -c TimeZone=UTC -c search_path=auth,extensions -c role=rc_auth')
  expect(config.connectionString).toBe('postgresql://me@localhost/things?sslmode=disable')
  expect(() => clientConfig({ url, schema: 'x; drop' })).toThrow('no name')
})

import { randomBytes } from 'node:crypto'
import { clientConfig, name, quote } from './connect.ts'
import { connectClient } from './reach.ts'

/** A schema of a test's own: give `DATABASE_URL` and `DATABASE_SCHEMA` to the service's start, and drop it after. */
export type FreshSchema = {
  /** The database, for a login that may do everything. */
  url: string
  schema: string
  /** `{DATABASE_URL, DATABASE_SCHEMA}`, to spread into a service's config. */
  config: { DATABASE_URL: string; DATABASE_SCHEMA: string }
  /** Runs one statement as the database's owner. */
  sql(statement: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Drops the schema and its role. */
  drop(): Promise<void>
}

/** The test server's URL, set by the vitest project `pg` or by whoever runs the tests. */
export function testDatabaseUrl(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('TEST_DATABASE_URL is not set: name the test *.pg.test.ts, so that a server is started')
  return url
}

/** Picks a schema name like `auth_x3f9a1c2` that nothing uses yet. Creates nothing: `prepareDatabase` does. */
export function freshSchema(service: string): FreshSchema {
  const url = testDatabaseUrl()
  const schema = name(`${service}_x${randomBytes(4).toString('hex')}`)
  const sql: FreshSchema['sql'] = async (statement, values = []) => {
    const client = await connectClient(clientConfig({ url, schema }), { variable: 'TEST_DATABASE_URL' })
    try {
      return (await client.query<Record<string, unknown>>(statement, values)).rows
    } finally {
      await client.end()
    }
  }
  return {
    url,
    schema,
    config: { DATABASE_URL: url, DATABASE_SCHEMA: schema },
    sql,
    async drop() {
      await sql(`DROP SCHEMA IF EXISTS ${quote(schema)} CASCADE`)
      await sql(`DROP ROLE IF EXISTS ${quote(`rc_${schema}`)}`)
    },
  }
}

import { afterAll, describe, expect, test } from 'vitest'
import { clientConfig } from './connect.ts'
import { provision } from './provision.ts'
import { connectClient } from './reach.ts'
import { freshSchema } from './testing.ts'

const warnings: string[] = []
const log = { info: () => undefined, warn: (line: string) => void warnings.push(line) }

describe('provision', () => {
  const one = freshSchema('one')
  const two = freshSchema('two')
  const three = freshSchema('three')
  afterAll(async () => {
    for (const fresh of [one, two, three]) await fresh.drop()
  })

  test('gives each schema a role that is refused in another', async () => {
    expect(await provision({ adminUrl: one.url, schema: one.schema, log })).toEqual({ role: `rc_${one.schema}` })
    expect(await provision({ adminUrl: two.url, schema: two.schema, log })).toEqual({ role: `rc_${two.schema}` })
    const client = await connectClient(clientConfig({ url: one.url, schema: one.schema, role: `rc_${one.schema}` }))
    try {
      await client.query('CREATE TABLE things (name text)')
      await client.query(`CREATE INDEX ON things USING gin (name gin_trgm_ops)`)
      expect((await client.query(`SELECT unaccent('Ångström') AS plain`)).rows).toEqual([{ plain: 'Angstrom' }])
      await expect(client.query(`CREATE TABLE ${two.schema}.things (name text)`)).rejects.toThrow('permission denied')
      await two.sql(`CREATE TABLE things AS SELECT 1 AS secret`)
      await expect(client.query(`SELECT * FROM ${two.schema}.things`)).rejects.toThrow('permission denied')
    } finally {
      await client.end()
    }
    expect(warnings).toEqual([])
  })

  test('may run again, and many times at once', async () => {
    const role = `rc_${three.schema}`
    const all = await Promise.all([1, 2, 3, 4].map(() => provision({ adminUrl: three.url, schema: three.schema })))
    expect(all).toEqual([{ role }, { role }, { role }, { role }])
    expect(await provision({ adminUrl: three.url, schema: three.schema })).toEqual({ role })
  })

  test('an admin without CREATEROLE gets a schema without a role, and one warning', async () => {
    const plain = freshSchema('plain')
    const login = `login_${plain.schema}`
    await plain.sql(`CREATE ROLE ${login} LOGIN PASSWORD 'p'`)
    await plain.sql(`DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO ${login}', current_database()); END $$`)
    try {
      const url = withLogin(plain.url, login, 'p')
      warnings.length = 0
      expect(await provision({ adminUrl: url, schema: plain.schema, log })).toEqual({ role: null })
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toContain('CREATEROLE')
      expect(await provision({ adminUrl: url, schema: plain.schema, log })).toEqual({ role: null })
    } finally {
      await plain.sql(`DROP OWNED BY ${login} CASCADE`)
      await plain.sql(`DROP ROLE ${login}`)
    }
  })

  test('an admin with CREATEROLE makes a role that the service login may take, and only that', async () => {
    const fresh = freshSchema('granted')
    const [admin, user] = [`admin_${fresh.schema}`, `user_${fresh.schema}`]
    await fresh.sql(`CREATE ROLE ${admin} LOGIN CREATEROLE PASSWORD 'p'`)
    await fresh.sql(`CREATE ROLE ${user} LOGIN PASSWORD 'p'`)
    await fresh.sql(`DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO ${admin}', current_database()); END $$`)
    try {
      const { role } = await provision({ adminUrl: withLogin(fresh.url, admin, 'p'), schema: fresh.schema, user })
      expect(role).toBe(`rc_${fresh.schema}`)
      const url = withLogin(fresh.url, user, 'p')
      const client = await connectClient(clientConfig({ url, schema: fresh.schema, role }))
      await client.query('CREATE TABLE things (name text)')
      await expect(client.query(`SET ROLE ${admin}`)).rejects.toThrow('permission denied')
      await client.end()
    } finally {
      await fresh.sql(`DROP SCHEMA ${fresh.schema} CASCADE`)
      await fresh.sql(`DROP OWNED BY ${admin} CASCADE`)
      for (const role of [`rc_${fresh.schema}`, admin, user]) await fresh.sql(`DROP ROLE ${role}`)
    }
  })

  test('a login that may not create the schema is told what to grant', async () => {
    const fresh = freshSchema('denied')
    const login = `login_${fresh.schema}`
    await fresh.sql(`CREATE ROLE ${login} LOGIN PASSWORD 'p'`)
    try {
      const denied = provision({ adminUrl: withLogin(fresh.url, login, 'p'), schema: fresh.schema })
      await expect(denied).rejects.toThrow(/GRANT CREATE ON DATABASE/)
    } finally {
      await fresh.sql(`DROP ROLE ${login}`)
    }
  })
})

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = password
  return changed.href
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPool } from './connect.ts'
import { diffSchemas } from './engine.ts'
import { migrate } from './migrate.ts'
import { prepareDatabase } from './prepare.ts'
import { provision } from './provision.ts'
import { type FreshSchema, freshSchema } from './testing.ts'

const header = `
generator client {
  provider = "prisma-client"
  output   = "../src/database"
}
datasource db {
  provider = "postgresql"
}
`
const first = `${header}
enum Kind {
  document
  canvas
}
model Thing {
  id   String @id
  kind Kind   @default(document)
  @@map("things")
}
`
const second = first.replace('@@map', 'note String?\n  @@map')

let folder: string
let fresh: FreshSchema

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  fresh = freshSchema('migrate')
})
afterEach(async () => {
  await fresh.drop()
  await rm(folder, { recursive: true })
})

async function write(name: string, sql: string, schema: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'migration.sql'), sql)
  await writeFile(join(folder, name, 'schema.prisma'), schema)
}

async function provisioned() {
  const { role } = await provision({ adminUrl: fresh.url, schema: fresh.schema })
  return { url: fresh.url, schema: fresh.schema, role, migrationsDir: folder }
}

describe('diffSchemas', () => {
  test('names no schema, and is empty when nothing changed', async () => {
    const sql = await diffSchemas(null, first)
    expect(sql).toContain('CREATE TABLE "things"')
    expect(sql).not.toContain('CREATE SCHEMA')
    expect(await diffSchemas(first, first)).toBe('')
    expect(await diffSchemas(first, second)).toContain('ADD COLUMN')
  })

  test('a broken schema is refused', async () => {
    await expect(diffSchemas(null, `${header} model Thing { nonsense }`)).rejects.toThrow()
  })
})

describe('migrate', () => {
  test('applies what is missing, once, as the schema’s role', async () => {
    await write('0001_init', await diffSchemas(null, first), first)
    const input = await provisioned()
    expect(await migrate(input)).toEqual(['0001_init'])
    expect(await migrate(input)).toEqual([])
    await write('0002_note', await diffSchemas(first, second), second)
    expect(await migrate(input)).toEqual(['0002_note'])
    const tables = await fresh.sql('SELECT tablename, tableowner FROM pg_tables WHERE schemaname = $1 ORDER BY 1', [
      fresh.schema,
    ])
    expect(tables).toEqual([
      { tablename: '_prisma_migrations', tableowner: input.role },
      { tablename: 'things', tableowner: input.role },
    ])
    expect(await fresh.sql('SELECT migration_name FROM _prisma_migrations ORDER BY 1')).toEqual([
      { migration_name: '0001_init' },
      { migration_name: '0002_note' },
    ])
  })

  test('several processes at once apply each migration once', async () => {
    await write('0001_init', await diffSchemas(null, first), first)
    await write('0002_note', await diffSchemas(first, second), second)
    const input = await provisioned()
    const all = await Promise.all([1, 2, 3].map(() => migrate(input)))
    expect(all.flat().sort()).toEqual(['0001_init', '0002_note'])
  })

  test('a failing migration is named, leaves nothing, and may be mended', async () => {
    await write('0001_init', await diffSchemas(null, first), first)
    await write('0002_bad', 'ALTER TABLE "things" ADD COLUMN "note" TEXT;\nCREATE TABEL oops ();', second)
    const input = await provisioned()
    await expect(migrate(input)).rejects.toThrow(/^Migration 0002_bad of schema .*syntax error at or near "TABEL"$/)
    expect(await fresh.sql('SELECT migration_name FROM _prisma_migrations')).toEqual([{ migration_name: '0001_init' }])
    await write('0002_bad', await diffSchemas(first, second), second)
    expect(await migrate(input)).toEqual(['0002_bad'])
    expect(await fresh.sql('SELECT id, note FROM things')).toEqual([])
  })

  test('takes function bodies and semicolons in strings', async () => {
    const body = `CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM ';'; RETURN 2; END; $$;`
    await write('0001_init', `${await diffSchemas(null, first)}\n${body}`, first)
    await migrate(await provisioned())
    expect(await fresh.sql('SELECT two()')).toEqual([{ two: 2 }])
  })

  test('warns about migrations of a newer program', async () => {
    await write('0001_init', await diffSchemas(null, first), first)
    const input = await provisioned()
    await migrate(input)
    await rm(join(folder, '0001_init'), { recursive: true })
    const warnings: string[] = []
    await migrate({ ...input, log: { info: () => undefined, warn: (line) => void warnings.push(line) } })
    expect(warnings).toEqual([expect.stringContaining('0001_init')])
  })
})

describe('prepareDatabase', () => {
  test('provisions, migrates and describes a connection that survives a killed backend', async () => {
    await write('0001_init', await diffSchemas(null, first), first)
    const prepared = await prepareDatabase({ name: 'migrate', config: fresh.config, migrationsDir: folder })
    expect(prepared).toMatchObject({ schema: fresh.schema, role: `rc_${fresh.schema}`, directUrl: fresh.url })
    const pool = openPool(prepared)
    await pool.query(`INSERT INTO things VALUES ('a')`)
    await fresh.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
      [`realtime-${fresh.schema}`],
    )
    await expect
      .poll(() =>
        pool.query('SELECT id FROM things').then(
          ({ rows }) => rows,
          () => null,
        ),
      )
      .toEqual([{ id: 'a' }])
    await pool.end()
  })

  test('an admin URL of its own: the service login works on the schema without being its owner', async () => {
    await write('0001_init', await diffSchemas(null, first), first)
    const login = `login_${fresh.schema}`
    await fresh.sql(`CREATE ROLE ${login} LOGIN PASSWORD 'p'`)
    const url = new URL(fresh.url)
    url.username = login
    url.password = 'p'
    const config = { ...fresh.config, DATABASE_URL: url.href, DATABASE_ADMIN_URL: fresh.url }
    const pool = openPool(await prepareDatabase({ name: 'migrate', config, migrationsDir: folder }))
    await pool.query(`INSERT INTO things VALUES ('a')`)
    expect((await pool.query('SELECT current_user, session_user')).rows).toEqual([
      { current_user: `rc_${fresh.schema}`, session_user: login },
    ])
    await pool.end()
    const wrong = { ...config, DATABASE_URL: url.href.replace(login, `no_${login}`) }
    const refused = prepareDatabase({ name: 'migrate', config: wrong, migrationsDir: folder })
    await expect(refused).rejects.toThrow(/Correct user and password in DATABASE_URL/)
    await fresh.sql(`REVOKE rc_${fresh.schema} FROM ${login}`)
    await fresh.sql(`DROP ROLE ${login}`)
  })
})

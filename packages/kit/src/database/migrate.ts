import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { clientConfig, quote } from './connect.ts'
import { applyMigrations, type Migration } from './engine.ts'
import { type DatabaseLog, silent } from './log.ts'
import { type ConnectOptions, connectClient } from './reach.ts'

/** A migration that PostgreSQL refused; nothing of it was kept. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
}

export type MigrateInput = ConnectOptions & {
  url: string
  schema: string
  role?: string | null
  /** Holds one folder a migration, NNNN_name/{migration.sql, schema.prisma}, applied in the order of their names. */
  migrationsDir: string
  log?: DatabaseLog
}

/** The first key of our advisory locks; the second says what is locked. */
export const LOCK = 5391180

/**
 * Brings one schema up to date and returns the names of the migrations applied. Each migration and its record in
 * `_prisma_migrations` are one transaction; processes that start at once wait for each other.
 */
export async function migrate(input: MigrateInput): Promise<string[]> {
  const { url, schema, role = null, migrationsDir, log = silent, ...options } = input
  const migrations = await readMigrations(migrationsDir)
  const config = clientConfig({ url, schema, role })
  const client = await connectClient(config, options)
  try {
    await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, `migrate ${schema}`])
    const applied = await appliedNames(client, schema)
    const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name))
    if (unknown.length > 0) {
      log.warn(`${schema}: the database has migrations this program does not know: ${unknown.join(', ')}`)
    }
    const pending = migrations.filter(({ name }) => !applied.includes(name))
    for (const migration of pending) {
      await applyOne(config, schema, migrations.slice(0, migrations.indexOf(migration) + 1))
      log.info(`${schema}: applied migration ${migration.name}`)
    }
    return pending.map(({ name }) => name)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The migrations of a folder in their order; an absent folder has none. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
      schema: await readFile(join(folder, name, 'schema.prisma'), 'utf8'),
    })),
  )
}

async function appliedNames(client: pg.Client, schema: string): Promise<string[]> {
  const table = `${quote(schema)}._prisma_migrations`
  const { rows: exists } = await client.query('SELECT to_regclass($1) IS NOT NULL AS yes', [table])
  if (!exists[0]?.yes) return []
  const { rows } = await client.query<{ migration_name: string }>(
    `SELECT migration_name FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return rows.map((row) => row.migration_name)
}

/** Applies the last of `migrations`, the others being in the database already. */
async function applyOne(config: pg.ClientConfig, schema: string, migrations: Migration[]): Promise<void> {
  const pool = new pg.Pool({ ...config, max: 1, idleTimeoutMillis: 0 })
  pool.on('error', () => undefined)
  // A second connection would work outside the transaction: when the first one is lost, so is the attempt.
  pool.on('remove', () => void (pool.ending || pool.end()))
  try {
    await pool.query('BEGIN')
    await applyMigrations(pool, schema, migrations)
    await pool.query('COMMIT')
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // The engine's own trace follows on lines that start with a number.
    const reason = message
      .split('\n')
      .filter((line) => !/^\s*(\d+: |with |at )/.test(line) && line !== 'external connector error')
      .join(' ')
    const name = migrations.at(-1)?.name
    throw new MigrationFailed(
      `Migration ${name} of schema ${schema} failed, and nothing of it was kept: ${reason.trim()}`,
      { cause: error },
    )
  } finally {
    // Closing the connection rolls back what was not committed.
    if (!pool.ending) await pool.end()
  }
}

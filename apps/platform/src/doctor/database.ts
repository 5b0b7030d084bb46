import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { clientConfig, connectClient, DatabaseUnreachable, quote, readMigrations } from '@realtime/kit/database'
import type pg from 'pg'
import { root } from '../supervisor/root.ts'
import type { Settings } from '../supervisor/settings.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** The oldest PostgreSQL whose features we use. */
const OLDEST = 150_000

/** The database: reachable, of a known version, and each service's schema up to date. `running` is that of a running platform. */
export async function* checkDatabase(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  running: string | null,
): AsyncGenerator<Finding> {
  const url = settings.databaseUrl ? env.DATABASE_ADMIN_URL || settings.databaseUrl : running
  if (!url) {
    const made = existsSync(join(settings.dataDir, 'postgres'))
    yield ok('database', made ? 'starts with the platform' : 'is made at the first start')
    return
  }
  let client: pg.Client
  try {
    client = await connectClient(clientConfig({ url }))
  } catch (error) {
    if (!(error instanceof DatabaseUnreachable)) throw error
    yield fail('database', error.message, settings.databaseUrl ? 'See above.' : 'Stop the platform and start it again.')
    return
  }
  try {
    const { rows } = await client.query<{ version: string; number: number }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
    )
    const { version = '?', number = 0 } = rows[0] ?? {}
    const old = number < OLDEST
    yield old
      ? fail('database', `PostgreSQL ${version} is too old`, 'Use 15 or newer.')
      : ok('database', `PostgreSQL ${version}`)
    for (const service of ['auth', 'organization', 'document']) yield await checkMigrations(client, service)
    yield* checkLogs(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Documents whose log the document service could not fold: see `services/document/src/troubles.ts`. */
async function* checkLogs(client: pg.Client): AsyncGenerator<Finding> {
  const table = `${quote('document')}.log_troubles`
  const { rows: exists } = await client.query<{ yes: boolean }>('SELECT to_regclass($1) IS NOT NULL AS yes', [table])
  if (!exists[0]?.yes) return
  const { rows } = await client.query<{ id: string; reason: string; detail: string }>(
    `SELECT resource_id AS id, reason, detail FROM ${table} ORDER BY at DESC LIMIT 20`,
  )
  for (const { id, reason, detail } of rows) {
    yield fail('document', `${id}: ${reason}: ${detail}`, `npm run repair ${id} (see docs/running.md)`)
  }
}

async function checkMigrations(client: pg.Client, service: string): Promise<Finding> {
  const about = `${service} schema`
  const wanted = (await readMigrations(join(root, 'services', service, 'prisma/migrations'))).map(({ name }) => name)
  const table = `${quote(service)}._prisma_migrations`
  const { rows: exists } = await client.query<{ yes: boolean }>('SELECT to_regclass($1) IS NOT NULL AS yes', [table])
  const applied = exists[0]?.yes
    ? (
        await client.query<{ name: string }>(
          `SELECT migration_name AS name FROM ${table} WHERE finished_at IS NOT NULL`,
        )
      ).rows
    : []
  const names = applied.map(({ name }) => name)
  const missing = wanted.filter((name) => !names.includes(name))
  const unknown = names.filter((name) => !wanted.includes(name))
  if (missing.length > 0) return warn(about, `lacks ${missing.join(', ')}`, 'The service applies them at its start.')
  if (unknown.length > 0) {
    return warn(about, `has ${unknown.join(', ')}, which this version does not know`, 'Run the newer version again.')
  }
  return ok(about, `${wanted.length} migration${wanted.length === 1 ? '' : 's'} applied`)
}

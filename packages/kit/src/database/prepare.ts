import { type Connection, clientConfig, connection } from './connect.ts'
import { type DatabaseLog, silent } from './log.ts'
import { migrate } from './migrate.ts'
import { provision } from './provision.ts'
import { connectClient, userOf } from './reach.ts'

/** The variables that say where the database is; each of the last three has a default. */
export type DatabaseConfig = {
  DATABASE_URL: string
  /** For provisioning and migrations; `DATABASE_URL` unless given. */
  DATABASE_ADMIN_URL?: string | undefined
  /** For LISTEN, past a pooler; `DATABASE_URL` unless given. */
  DATABASE_DIRECT_URL?: string | undefined
  /** The schema; the service's name unless given. */
  DATABASE_SCHEMA?: string | undefined
}

export type PrepareInput = {
  /** The service's name. */
  name: string
  config: DatabaseConfig
  migrationsDir: string
  log?: DatabaseLog
  /** Milliseconds to wait for a server that is not up yet; 30 s unless given. */
  waitMs?: number
  /** Connections kept at most. */
  max?: number
}

/** A database ready for use, and where to LISTEN. */
export type PreparedDatabase = Connection & { directUrl: string }

/**
 * All that a service does with its database before it serves: waits for it, creates schema and role, migrates.
 * Throws `DatabaseUnreachable` or `MigrationFailed`, each with one line that says what to do.
 */
export async function prepareDatabase(input: PrepareInput): Promise<PreparedDatabase> {
  const { name, config, migrationsDir, log = silent, waitMs = 30_000, max } = input
  const url = config.DATABASE_URL
  const adminUrl = config.DATABASE_ADMIN_URL || url
  const schema = config.DATABASE_SCHEMA || name
  const apart = adminUrl !== url
  const admin = { waitMs, variable: apart ? 'DATABASE_ADMIN_URL' : 'DATABASE_URL', log }
  // The service's own login is tried first: it must exist to be granted anything, and a wrong one ends in a line now.
  if (apart) await (await connectClient(clientConfig({ url }), { waitMs })).end()
  const { role } = await provision({ ...admin, adminUrl, schema, ...(apart ? { user: userOf(url) } : {}) })
  await migrate({ ...admin, url: adminUrl, schema, role, migrationsDir })
  const described = connection({ url, schema, role, log, ...(max ? { max } : {}) })
  return { ...described, directUrl: config.DATABASE_DIRECT_URL || url }
}

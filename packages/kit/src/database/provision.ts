import type pg from 'pg'
import { clientConfig, EXTENSIONS, name, quote } from './connect.ts'
import { type DatabaseLog, silent } from './log.ts'
import { LOCK } from './migrate.ts'
import { type ConnectOptions, connectClient, DatabaseUnreachable } from './reach.ts'

export type ProvisionInput = ConnectOptions & {
  /** A login that may create schemas (and, best, roles) in the database. */
  adminUrl: string
  schema: string
  /** The role that shall own the schema; `rc_<schema>` unless given. */
  role?: string
  /** The login that the service itself uses, when it is not the admin. */
  user?: string
  log?: DatabaseLog
}

/** What a service's schema needs before migrations: `role` owns it, or null where the admin may not create roles. */
export type Provisioned = { role: string | null }

const WANTED_EXTENSIONS = ['pg_trgm', 'unaccent']

/**
 * Creates the extensions, the service's schema and the role that owns it. May run again, and in many processes at
 * once. Throws `DatabaseUnreachable` when the schema is missing and may not be created.
 */
export async function provision(input: ProvisionInput): Promise<Provisioned> {
  const { adminUrl, schema, user, log = silent, waitMs, variable = 'DATABASE_ADMIN_URL' } = input
  const client = await connectClient(clientConfig({ url: adminUrl }), { waitMs, variable })
  try {
    await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, 'provision'])
    await createExtensions(client, log)
    const role = await createRole(client, name(input.role ?? `rc_${schema}`), user, log)
    return { role: await createSchema(client, name(schema), role, user, log) }
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function createExtensions(client: pg.Client, log: DatabaseLog): Promise<void> {
  try {
    if (!(await schemaOwner(client, EXTENSIONS))) {
      await client.query(`CREATE SCHEMA ${EXTENSIONS}`)
      await client.query(`GRANT USAGE ON SCHEMA ${EXTENSIONS} TO PUBLIC`)
    }
  } catch (error) {
    log.warn(`The schema ${EXTENSIONS} cannot be created (${text(error)}); search will be simpler.`)
    return
  }
  for (const extension of WANTED_EXTENSIONS) {
    const { rows } = await client.query<{ schema: string }>(
      'SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = $1',
      [extension],
    )
    const found = rows[0]?.schema
    if (found === EXTENSIONS) continue
    if (found) {
      log.warn(
        `The extension ${extension} is in schema ${found}, where the services do not look: ALTER EXTENSION ${extension} SET SCHEMA ${EXTENSIONS};`,
      )
      continue
    }
    try {
      await client.query(`CREATE EXTENSION ${quote(extension)} WITH SCHEMA ${EXTENSIONS}`)
    } catch (error) {
      log.warn(`The extension ${extension} cannot be installed (${text(error)}); search will be simpler.`)
    }
  }
}

/** The role, usable by the admin and by `user`; null (and one warning) where that is not permitted. */
async function createRole(
  client: pg.Client,
  role: string,
  user: string | undefined,
  log: DatabaseLog,
): Promise<string | null> {
  try {
    const { rows } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
    if (rows.length === 0) {
      await client.query(`CREATE ROLE ${quote(role)} NOLOGIN`).catch((error: unknown) => {
        // Roles belong to the whole cluster; our lock to one database. Another database was quicker.
        if (!['42710', '23505'].includes(code(error))) throw error
      })
    }
    for (const login of new Set(['CURRENT_USER', ...(user ? [quote(user)] : [])])) {
      if (!(await maySetRole(client, login === 'CURRENT_USER' ? null : (user ?? null), role))) {
        await client.query(
          `GRANT ${quote(role)} TO ${login}${(await version(client)) >= 160000 ? ' WITH SET TRUE' : ''}`,
        )
      }
    }
    return role
  } catch (error) {
    log.warn(
      `No role of its own for ${role.replace(/^rc_/, '')} (${text(error)}): services share one login and are kept apart by schema only. GRANT CREATEROLE to the admin login to change that.`,
    )
    return null
  }
}

async function maySetRole(client: pg.Client, user: string | null, role: string): Promise<boolean> {
  const privilege = (await version(client)) >= 160000 ? 'SET' : 'MEMBER'
  const { rows } = await client.query<{ yes: boolean }>(
    'SELECT pg_has_role(coalesce($1::name, current_user), $2::name, $3) AS yes',
    [user, role, privilege],
  )
  return rows[0]?.yes === true
}

/** Creates the schema and returns the role that owns it: `role`, or null when it belongs to a login. */
async function createSchema(
  client: pg.Client,
  schema: string,
  role: string | null,
  user: string | undefined,
  log: DatabaseLog,
): Promise<string | null> {
  const owner = await schemaOwner(client, schema)
  if (owner === null) {
    try {
      await client.query(`CREATE SCHEMA ${quote(schema)}${role ? ` AUTHORIZATION ${quote(role)}` : ''}`)
    } catch (error) {
      throw new DatabaseUnreachable(
        `The schema ${schema} is missing and cannot be created (${text(error)}). GRANT CREATE ON DATABASE to the login in DATABASE_ADMIN_URL, or create the schema.`,
        { cause: error },
      )
    }
  } else if (role && owner !== role) {
    log.warn(`The schema ${schema} belongs to ${owner}, so ${role} is not used.`)
    role = null
  }
  if (!role && user) await grantData(client, schema, user)
  return role
}

/** Without a role of its own the service's login works on tables that the admin owns. */
async function grantData(client: pg.Client, schema: string, user: string): Promise<void> {
  const { rows } = await client.query<{ same: boolean }>('SELECT current_user = $1 AS same', [user])
  if (rows[0]?.same) return
  const to = `IN SCHEMA ${quote(schema)} %s TO ${quote(user)}`
  const tables = 'GRANT SELECT, INSERT, UPDATE, DELETE ON'
  await client.query(`GRANT USAGE ON SCHEMA ${quote(schema)} TO ${quote(user)}`)
  await client.query(`${tables} ALL TABLES ${to.replace('%s ', '')}`)
  await client.query(`GRANT USAGE ON ALL SEQUENCES ${to.replace('%s ', '')}`)
  await client.query(`ALTER DEFAULT PRIVILEGES ${to.replace('%s', `${tables} TABLES`)}`)
  await client.query(`ALTER DEFAULT PRIVILEGES ${to.replace('%s', 'GRANT USAGE ON SEQUENCES')}`)
}

async function schemaOwner(client: pg.Client, schema: string): Promise<string | null> {
  const { rows } = await client.query<{ owner: string }>(
    'SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = $1',
    [schema],
  )
  return rows[0]?.owner ?? null
}

async function version(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  )
  return rows[0]?.version ?? 0
}

function code(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

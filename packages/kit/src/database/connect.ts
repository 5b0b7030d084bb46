import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { type DatabaseLog, silent } from './log.ts'

/** The schema into which extensions are installed; on every search_path. */
export const EXTENSIONS = 'extensions'

export type ConnectionInput = {
  url: string
  /** The service's own schema. */
  schema: string
  /** The role to act as (what `provision` returned); null or absent: the login itself. */
  role?: string | null
  /** Connections kept at most; 5 unless given. */
  max?: number
  log?: DatabaseLog
}

/** How one service reaches its own schema: `config` for a pg Pool or Client, `options` for PrismaPg beside it. */
export type Connection = {
  config: pg.PoolConfig
  options: { schema: string; onPoolError: (error: Error) => void; onConnectionError: (error: Error) => void }
  schema: string
  role: string | null
}

/** Describes the connection to one schema; opens nothing. */
export function connection({ url, schema, role = null, max = 5, log = silent }: ConnectionInput): Connection {
  const onError = (error: Error) => log.warn(`A database connection was lost: ${error.message}`)
  return {
    config: { ...clientConfig({ url, schema, role }), max },
    options: { schema, onPoolError: onError, onConnectionError: onError },
    schema,
    role,
  }
}

/** The settings every connection of the product shares. */
export function clientConfig(input: { url: string; schema?: string; role?: string | null }): pg.ClientConfig {
  const { schema, role } = input
  const { url, options: given } = splitOptions(input.url)
  // Prisma's adapter reads every timestamptz as UTC, whatever the session's zone: so the session's zone is UTC.
  const settings = [...(given ? [given] : []), '-c TimeZone=UTC']
  if (schema) settings.push(`-c search_path=${name(schema)},${EXTENSIONS}`)
  if (role) settings.push(`-c role=${name(role)}`)
  return {
    connectionString: url,
    options: settings.join(' '),
    application_name: schema ? `realtime-${schema}` : 'realtime',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  }
}

/** A generated `PrismaClient` class. */
type ClientClass<Client> = new (options: { adapter: PrismaPg }) => Client

/** Opens a generated Prisma client on a service's schema. The caller ends it with `$disconnect()`. */
export function openDatabase<Client>(Client: ClientClass<Client>, { config, options }: Connection): Client {
  return new Client({ adapter: new PrismaPg(config, options) })
}

/** A plain pool on the same schema, for the few statements where Prisma is in the way. The caller ends it. */
export function openPool({ config, options }: Connection): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', options.onPoolError)
  return pool
}

/** Quotes an SQL identifier. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A name that needs no quoting anywhere: in SQL, in startup options, in a channel name. */
export function name(identifier: string): string {
  if (!/^[a-z_][a-z0-9_]{0,55}$/.test(identifier)) {
    throw new Error(`${JSON.stringify(identifier)} is no name for a schema or role: a-z, 0-9 and _, at most 56 of them`)
  }
  return identifier
}

/** pg lets `?options=` in the URL replace ours; both are wanted. */
function splitOptions(url: string): { url: string; options: string | null } {
  if (!URL.canParse(url)) return { url, options: null }
  const parsed = new URL(url)
  const options = parsed.searchParams.get('options')
  if (options === null) return { url, options }
  parsed.searchParams.delete('options')
  return { url: parsed.href, options }
}

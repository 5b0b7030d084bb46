import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

/** The database cannot be used; the message is one line for an operator and never holds the password. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable'
}

/** Where a database URL points, for people: `host:port/database`, without user and password. */
export function describeDatabase(url: string): string {
  const { host, port, database } = parameters(url)
  return host.startsWith('/') ? `${host}/.s.PGSQL.${port}, database ${database}` : `${host}:${port}/${database}`
}

/** The login name in a database URL. */
export function userOf(url: string): string {
  return parameters(url).user
}

type Parameters = { host: string; port: number; database: string; user: string }

function parameters(url: string): Parameters {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new Error('not a PostgreSQL URL')
    const { host, port, database, user } = new pg.Client({ connectionString: url })
    return { host, port, database: database ?? '', user: user ?? '' }
  } catch {
    throw new DatabaseUnreachable(
      'The database URL cannot be read. It looks like postgresql://user:password@host:5432/database; special characters in the password are percent-encoded.',
    )
  }
}

export type ConnectOptions = {
  /** Milliseconds to keep trying while the server refuses connections or is still starting. */
  waitMs?: number
  /** The name of the variable that holds the URL, for the error line. */
  variable?: string
}

/** One connected client, its 'error' event handled; throws `DatabaseUnreachable`. The caller ends it. */
export async function connectClient(config: pg.ClientConfig, options: ConnectOptions = {}): Promise<pg.Client> {
  const { waitMs = 0, variable = 'DATABASE_URL' } = options
  const url = config.connectionString ?? ''
  const where = describeDatabase(url)
  const until = Date.now() + waitMs
  for (let pause = 100; ; pause = Math.min(pause * 2, 1000)) {
    const client = new pg.Client({ connectionTimeoutMillis: 5000, keepAlive: true, ...config })
    // A killed backend is reported by the query that is under way; without this listener it would end the process.
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      // Not awaited: after a failed connect there may be no socket whose end could be waited for.
      client.end().catch(() => undefined)
      const { reason, advice, passing } = explain(error, variable)
      if (!passing || Date.now() >= until) {
        throw new DatabaseUnreachable(`Cannot use the database at ${where}: ${reason}. ${advice}`, { cause: error })
      }
      await delay(Math.min(pause, Math.max(until - Date.now(), 1)))
    }
  }
}

type Reason = { reason: string; advice: string; passing: boolean }

function explain(error: unknown, variable: string): Reason {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const text = error instanceof Error ? error.message : String(error)
  const start = `Start PostgreSQL there, or correct ${variable}.`
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return { reason: 'nothing listens there', advice: start, passing: true }
    case 'ENOTFOUND':
      return { reason: 'this host name is not known', advice: `Correct the host in ${variable}.`, passing: false }
    case 'EAI_AGAIN':
      return { reason: 'the name server does not answer', advice: 'Check DNS and the network.', passing: true }
    case 'ECONNRESET':
    case 'EPIPE':
      return { reason: 'the connection was cut', advice: start, passing: true }
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { reason: 'no answer', advice: `Check network and firewall, or correct ${variable}.`, passing: true }
    case '57P01':
    case '57P02':
    case '57P03':
      return { reason: 'the server is starting or stopping', advice: 'Wait until it is up.', passing: true }
    case '53300':
      return { reason: 'too many connections', advice: 'Raise max_connections or close other clients.', passing: true }
    case '28P01':
    case '28000':
      return { reason: `access denied (${text})`, advice: `Correct user and password in ${variable}.`, passing: false }
    case '3D000':
      return { reason: text, advice: `Create it (CREATE DATABASE …), or correct ${variable}.`, passing: false }
  }
  if (/timeout|terminated unexpectedly/i.test(text)) {
    return { reason: 'no answer', advice: `Check network and firewall, or correct ${variable}.`, passing: true }
  }
  return { reason: text.replaceAll('\n', ' '), advice: `Check ${variable}.`, passing: false }
}

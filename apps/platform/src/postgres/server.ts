import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DatabaseLog } from '@realtime/kit/database'
import pg from 'pg'
import { locateBinaries } from './binaries.ts'
import { ADMIN, checkVersion, ensureCluster, resetPassword } from './cluster.ts'
import { PostgresFailed } from './failure.ts'
import type { IdentityKind } from './identity.ts'
import { endLeftovers, endOrphans } from './leftovers.ts'
import { choosePlace, claim, clusterOf, type Place, release } from './place.ts'
import { choosePort, HOST } from './port.ts'
import { type Running, startOnce } from './postmaster.ts'

export type PostgresOptions = {
  /** PostgreSQL's own folder; created when missing. */
  dataDir: string
  /** For both logins; kept by the caller. */
  password: string
  /** 0 or absent: a free one, remembered in the folder. */
  port?: number
  log: DatabaseLog
  /** The server ended without being asked to; start it again with `startPostgres`. */
  onExit?: (how: { code: number | null; signal: NodeJS.Signals | null }) => void
  /** False: nothing is kept safe from a power cut. For tests. */
  durable?: boolean
  /** Further PostgreSQL settings. */
  settings?: Record<string, string>
  /** Restricts as whom it may run, and where it goes when nothing else is possible. For tests. */
  identities?: IdentityKind[]
  elsewhere?: string
}

export type PostgresServer = {
  /** For services: the login `realtime`, which may nothing but what the services' roles may. */
  url: string
  /** For provisioning and migrations: the superuser. */
  adminUrl: string
  port: number
  pid: number
  /** Fast shutdown: open transactions are rolled back, committed ones are on disk. */
  stop(): Promise<void>
}

const LOGIN = 'realtime'
const DATABASE = 'realtime'
const RETRY_MS = 30_000

/** Starts PostgreSQL on a folder of its own, after ending what an earlier start left there. Throws `PostgresFailed`. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { log, password, durable = true } = options
  if (!/^[^\r\n]+$/.test(password)) throw new PostgresFailed('The database password must be one line.')
  const dataDir = enter(options.dataDir)
  try {
    const located = locateBinaries(dataDir)
    checkVersion(clusterOf(dataDir), located.major)
    await endLeftovers(clusterOf(dataDir), log)
    const place = choosePlace(dataDir, located, options)
    const port = await choosePort(dataDir, options.port ?? 0)
    if (ensureCluster(place, password, durable)) log.info(`Created a PostgreSQL data folder in ${place.data}`)
    let running = await start(place, port, options)
    const urls = (login: string, database: string) =>
      `postgresql://${login}:${encodeURIComponent(password)}@${HOST}:${port}/${database}`
    try {
      await bootstrap(urls(ADMIN, 'postgres'), password)
    } catch (error) {
      await running.stop()
      if ((error as { code?: string }).code !== '28P01') throw error
      log.warn('The database password changed; setting the new one')
      resetPassword(place, password)
      running = await start(place, port, options)
      await bootstrap(urls(ADMIN, 'postgres'), password)
    }
    const { identity, binaries } = place
    const where = place.folder === dataDir ? '' : ` from ${place.folder}`
    log.info(`PostgreSQL ${binaries.version} on ${HOST}:${port}${where}${identity.words && `, ${identity.words}`}`)
    const { pid, stop } = running
    return {
      url: urls(LOGIN, DATABASE),
      adminUrl: urls(ADMIN, DATABASE),
      port,
      pid,
      stop: async () => {
        await stop()
        release(dataDir)
      },
    }
  } catch (error) {
    release(dataDir)
    throw error
  }
}

/** Makes the folder if need be, notes that it is ours, and returns its real path. */
function enter(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const dataDir = realpathSync(folder)
    claim(dataDir)
    return dataDir
  } catch (error) {
    if (error instanceof PostgresFailed) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new PostgresFailed(
      `The data folder ${folder} cannot be used (${reason}): make it yours and writable, or choose another DATA_DIR.`,
      { cause: error },
    )
  }
}

/** Starts the server, again and again for 30 s while a killed predecessor's last processes are in the way. */
async function start(place: Place, port: number, options: PostgresOptions): Promise<Running> {
  const until = Date.now() + RETRY_MS
  for (;;) {
    const attempt = await startOnce(place, port, options)
    if ('pid' in attempt) return attempt
    const inTheWay = /pre-existing shared memory|lock file|TCP\/IP socket/i.test(attempt.refusal)
    if (!inTheWay || Date.now() > until) {
      throw new PostgresFailed(`PostgreSQL does not start: ${attempt.refusal} (see ${join(place.data, 'log')})`)
    }
    await endOrphans(place.data)
    await delay(300)
  }
}

/** The login and the database of the services. */
async function bootstrap(adminUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ login: boolean; database: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS login,
              EXISTS (SELECT FROM pg_database WHERE datname = $2) AS database`,
      [LOGIN, DATABASE],
    )
    const verb = rows[0]?.login ? 'ALTER' : 'CREATE'
    await client.query(`${verb} ROLE ${LOGIN} LOGIN NOSUPERUSER PASSWORD ${client.escapeLiteral(password)}`)
    if (!rows[0]?.database) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

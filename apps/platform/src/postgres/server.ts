import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DatabaseLog } from '@realtime/kit/database'
import pg from 'pg'
import { program } from './binaries.ts'
import { ADMIN, checkVersion, ensureCluster, environment, resetPassword } from './cluster.ts'
import { PostgresFailed } from './failure.ts'
import type { IdentityKind } from './identity.ts'
import { endLeftovers, endOrphans } from './leftovers.ts'
import { choosePlace, claim, type Place, readState, release, writeState } from './place.ts'

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

const HOST = '127.0.0.1'
const LOGIN = 'realtime'
const DATABASE = 'realtime'
const RETRY_MS = 30_000

/** Starts PostgreSQL on a folder of its own, after ending what an earlier start left there. Throws `PostgresFailed`. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { log, password, durable = true } = options
  if (!/^[^\r\n]+$/.test(password)) throw new PostgresFailed('The database password must be one line.')
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const dataDir = realpathSync(options.dataDir)
  claim(dataDir)
  try {
    const place = choosePlace(dataDir, options.identities, options.elsewhere)
    checkVersion(place)
    await endLeftovers(place.data, log)
    if (ensureCluster(place, password, durable)) log.info(`Created a PostgreSQL data folder in ${place.data}`)
    const port = await choosePort(dataDir, options.port ?? 0)
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

type Running = { pid: number; stop(): Promise<void> }

/** Starts the server, again and again for 30 s while a killed predecessor's last processes are in the way. */
async function start(place: Place, port: number, options: PostgresOptions): Promise<Running> {
  const until = Date.now() + RETRY_MS
  for (;;) {
    const attempt = await startOnce(place, port, options)
    if ('pid' in attempt) return attempt
    const inTheWay = /pre-existing shared memory|lock file|already in use/i.test(attempt.refusal)
    if (!inTheWay || Date.now() > until) {
      throw new PostgresFailed(`PostgreSQL does not start: ${attempt.refusal} (see ${join(place.data, 'log')})`)
    }
    await endOrphans(place.data)
    await delay(300)
  }
}

async function startOnce(
  place: Place,
  port: number,
  { log, onExit, durable = true, settings = {} }: PostgresOptions,
): Promise<Running | { refusal: string }> {
  const { data, identity, binaries } = place
  const given: Record<string, string> = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // One file a weekday, begun anew each week.
    logging_collector: 'on',
    log_filename: 'postgresql-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_truncate_on_rotation: 'on',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  }
  const flags = Object.entries(given).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const { file, args, options } = identity.command(program(binaries, 'postgres'), ['-D', data, ...flags])
  // Before its collector runs the server writes here; a pipe would end with us, and it with the pipe.
  const output = join(place.folder, 'start.log')
  const descriptor = openSync(output, 'w', 0o600)
  // In a group of its own, so that Ctrl+C reaches the supervisor only, which stops its parts in order.
  const child = spawn(file, args, {
    ...options,
    cwd: data,
    env: environment(),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', descriptor, descriptor],
  })
  closeSync(descriptor)
  let asked = false
  let ready = false
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      resolve(lastWords(output) || `it ended at once (${signal ?? code})`)
      if (ready && !asked) onExit?.({ code, signal })
    })
  })
  const refusal = await Promise.race([ended, becomesReady(child, data, log)])
  if (refusal !== null) return { refusal }
  ready = true
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      asked = true
      await stopServer(child, place, ended)
    },
  }
}

/** Resolves with null when the server says so in its pid file; recovery after a crash may take its time. */
async function becomesReady(child: ChildProcess, data: string, log: DatabaseLog): Promise<null> {
  for (let tick = 1; ; tick++) {
    await delay(25)
    if (child.exitCode !== null || child.signalCode !== null) await new Promise(() => undefined)
    try {
      const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
      if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return null
    } catch {
      // Not written yet.
    }
    if (tick % 400 === 0) log.info('PostgreSQL is recovering after a crash; nothing committed is lost')
  }
}

async function stopServer(child: ChildProcess, place: Place, ended: Promise<string>): Promise<void> {
  if (process.platform === 'win32') {
    // Windows knows no signals; pg_ctl asks over a pipe.
    spawnSync(program(place.binaries, 'pg_ctl'), ['stop', '-D', place.data, '-m', 'fast'], { stdio: 'ignore' })
    await ended
    return
  }
  for (const [name, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(name)
    const waiting = new AbortController()
    await Promise.race([ended, delay(patience, undefined, { signal: waiting.signal }).catch(() => undefined)])
    waiting.abort()
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

/** The port asked for, or the remembered one while it is free, or a free one. */
async function choosePort(dataDir: string, asked: number): Promise<number> {
  if (asked > 0) {
    if (await isFree(asked)) return asked
    throw new PostgresFailed(`Port ${asked} on ${HOST}, meant for PostgreSQL, is in use. Choose another one.`)
  }
  const remembered = readState(dataDir).port
  if (remembered && (await isFree(remembered))) return remembered
  const port = await freePort()
  writeState(dataDir, { port })
  return port
}

function isFree(port: number): Promise<boolean> {
  return freePort(port).then(
    () => true,
    () => false,
  )
}

function freePort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, HOST, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

function lastWords(file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const fatal = lines.filter((line) => /(FATAL|PANIC|ERROR):/.test(line)).at(-1) ?? lines.at(-1) ?? ''
  return fatal.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '')
}

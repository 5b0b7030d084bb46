import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PostgresFailed, type PostgresOptions, type PostgresServer, startPostgres } from './index.ts'
import { isAlive } from './processes.ts'

const asRoot = process.getuid?.() === 0
const lines: string[] = []
const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) }
let folder: string
let running: PostgresServer[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  chmodSync(folder, 0o755)
  running = []
  lines.length = 0
})
afterEach(async () => {
  for (const server of running) await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(more: Partial<PostgresOptions> = {}): Promise<PostgresServer> {
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    password: "it's 1",
    durable: false,
    log,
    ...more,
  })
  running.push(server)
  return server
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function sql(url: string, statement: string): Promise<unknown[]> {
  const client = await connect(url)
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

const exited = () => {
  let tell: (how: { signal: NodeJS.Signals | null }) => void = () => undefined
  const exit = new Promise<{ signal: NodeJS.Signals | null }>((resolve) => {
    tell = resolve
  })
  return { exit, onExit: (how: { signal: NodeJS.Signals | null }) => tell(how) }
}

describe('a server', () => {
  test('keeps data, port and pid file through stop and start', async () => {
    let unasked = 0
    const first = await start({ onExit: () => unasked++ })
    await sql(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS n')
    await first.stop()
    await first.stop()
    expect(isAlive(first.pid)).toBe(false)
    const second = await start()
    expect(second.port).toBe(first.port)
    expect(await sql(second.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    expect(unasked).toBe(0)
    expect(statSync(join(folder, 'postgres/cluster')).mode & 0o777).toBe(0o700)
  })

  test('is UTF-8 with character classes of its own, listens on loopback only, and has a plain login', async () => {
    const server = await start()
    expect(
      await sql(
        server.adminUrl,
        `SELECT current_setting('server_encoding') AS encoding, 'é' ~ '\\w' AND '漢' ~ '\\w' AS words, upper('é') AS upper,
                current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
                current_setting('timezone') AS zone`,
      ),
    ).toEqual([{ encoding: 'UTF8', words: true, upper: 'É', addresses: '127.0.0.1', sockets: '', zone: 'UTC' }])
    expect(
      await sql(server.url, 'SELECT current_user AS me, rolsuper FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ me: 'realtime', rolsuper: false }])
    await expect(sql(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password')
    expect(readdirSync(join(folder, 'postgres/cluster/log'))).toEqual([expect.stringMatching(/^postgresql-\w+\.log$/)])
  })

  test('is durable unless a test asks otherwise', async () => {
    const server = await start({ durable: true })
    const settings = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`
    expect(await sql(server.url, settings)).toEqual([{ fsync: 'on', commit: 'on' }])
  })

  test('comes back after SIGKILL with a busy backend; what was committed is there', async () => {
    const { exit, onExit } = exited()
    const first = await start({ onExit, durable: true })
    await sql(first.adminUrl, 'CREATE TABLE kept (n int)')
    await sql(first.adminUrl, 'INSERT INTO kept VALUES (1)')
    const busy = await connect(first.adminUrl)
    const cut = busy.query('SELECT count(*) FROM generate_series(1, 100000000000)').catch(() => 'cut')
    await expect
      .poll(() =>
        sql(
          first.adminUrl,
          `SELECT state FROM pg_stat_activity WHERE query LIKE '%100000000000%' AND pid <> pg_backend_pid()`,
        ),
      )
      .toEqual([{ state: 'active' }])
    process.kill(first.pid, 'SIGKILL')
    expect(await exit).toMatchObject({ signal: 'SIGKILL' })
    const second = await start({ durable: true })
    expect(await cut).toBe('cut')
    expect(second.port).toBe(first.port)
    expect(await sql(second.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
  })

  test('recovers by itself when a backend is killed', async () => {
    const server = await start()
    const client = await connect(server.adminUrl)
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
    process.kill(rows[0].pid, 'SIGKILL')
    await expect.poll(() => sql(server.url, 'SELECT 1 AS n').catch(() => null), { timeout: 10_000 }).toEqual([{ n: 1 }])
    expect(isAlive(server.pid)).toBe(true)
  })

  test('takes a new password when the kept one was lost', async () => {
    await (await start()).stop()
    const server = await start({ password: 'another' })
    expect(await sql(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    expect(lines).toContain('The database password changed; setting the new one')
  })

  test('says when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(start({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1, meant for PostgreSQL, is in use.`)
    other.close()
  })

  test('says why it refuses to start, in one line', async () => {
    await expect(start({ settings: { shared_buffers: '1kB' } })).rejects.toThrow(
      /^PostgreSQL does not start: 8kB is outside the valid range|^PostgreSQL does not start: .*shared_buffers/,
    )
  })

  test('of two starts at once on a fresh folder one wins, and nothing breaks', async () => {
    const dataDir = join(folder, 'postgres')
    const script = `
      import { startPostgres } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
      const log = { info() {}, warn() {} }
      const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, password: 'p', log })
      await server.stop()`
    writeFileSync(join(folder, 'one.mts'), script)
    const run = () => spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(folder, 'one.mts')])
    const ended = await Promise.all([run(), run()].map((child) => once(child, 'exit')))
    expect(ended.map(([code]) => code)).toContain(0)
    const server = await start({ password: 'p' })
    expect(await sql(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  })
})

describe('what an earlier start left', () => {
  test('a server whose supervisor was killed is stopped; one whose supervisor lives is left alone', async () => {
    const script = `
      import { startPostgres } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
      const log = { info() {}, warn() {} }
      const server = await startPostgres({ dataDir: ${JSON.stringify(join(folder, 'postgres'))}, password: 'p', log })
      console.log(server.pid)
      setInterval(() => {}, 1000)`
    writeFileSync(join(folder, 'supervisor.mts'), script)
    const supervisor = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), join(folder, 'supervisor.mts')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [said] = await once(supervisor.stdout, 'data')
    const left = Number(String(said))
    await expect(start({ password: 'p' })).rejects.toThrow(`in use by a running program (process ${supervisor.pid})`)
    expect(isAlive(left)).toBe(true)
    supervisor.kill('SIGKILL')
    await once(supervisor, 'exit')
    expect(isAlive(left)).toBe(true)
    const server = await start({ password: 'p' })
    expect(isAlive(left)).toBe(false)
    expect(server.pid).not.toBe(left)
    expect(lines).toContain(`Stopping the PostgreSQL (process ${left}) that an earlier start left running`)
  })

  test('a pid file that names a stranger is removed, and the stranger spared', async () => {
    await (await start()).stop()
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    writeFileSync(join(folder, 'postgres/cluster/postmaster.pid'), `${stranger.pid}\n`)
    await start()
    expect(stranger.exitCode ?? stranger.signalCode).toBe(null)
    stranger.kill()
  })

  test('a folder half made by initdb is swept away', async () => {
    mkdirSync(join(folder, 'postgres/half-1234/cluster'), { recursive: true })
    await start()
    expect(readdirSync(join(folder, 'postgres'))).not.toContain('half-1234')
  })

  test('data of another version is refused in one line, and not touched', async () => {
    const data = join(folder, 'postgres/cluster')
    mkdirSync(data, { recursive: true })
    writeFileSync(join(data, 'PG_VERSION'), '15\n')
    const error = await start().catch((reason: unknown) => reason)
    expect(String(error)).toMatch(/written by PostgreSQL 15, and this program runs PostgreSQL 18; nothing was changed/)
    expect(String(error)).not.toContain('\n')
    expect(readdirSync(data)).toEqual(['PG_VERSION'])
    expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('15\n')
  })
})

describe.runIf(asRoot)('as root', () => {
  test('below a folder only root may enter, it runs', async () => {
    chmodSync(folder, 0o700)
    const elsewhere = join(folder, 'never')
    const server = await start({ identities: ['namespace'], elsewhere }).catch((error: unknown) => error)
    // Where user namespaces are forbidden there is only the other way, tested next.
    if (server instanceof PostgresFailed) return expect(server.message).toMatch(/cannot run here/)
    expect(lines.at(-1)).toContain('in a user namespace, because it refuses to run as root')
    expect(existsSync(elsewhere)).toBe(false)
  })

  test('as another user it moves out of such a folder with its data, stays there, and says so', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
    chmodSync(elsewhere, 0o755)
    try {
      const before = await start()
      await sql(before.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS n')
      await before.stop()
      chmodSync(folder, 0o700)
      const outside = await start({ identities: ['user'], elsewhere })
      expect(lines.at(-1)).toMatch(/from .*elsewhere-.*as user \w+, because it refuses to run as root/)
      expect(await sql(outside.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
      await sql(outside.adminUrl, 'UPDATE kept SET n = 2')
      await outside.stop()
      expect(existsSync(join(folder, 'postgres/cluster'))).toBe(false)
      const again = await start({ elsewhere })
      expect(await sql(again.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 2 }])
      await again.stop()
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
    }
  })

  test('as another user it stays where it is when that user can go there', async () => {
    const server = await start({ identities: ['user'], elsewhere: join(folder, 'never') })
    expect(lines.at(-1)).toMatch(/^PostgreSQL \S+ on 127.0.0.1:\d+, as user/)
    expect(statSync(join(folder, 'postgres/cluster')).uid).not.toBe(0)
    expect(await sql(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  })
})

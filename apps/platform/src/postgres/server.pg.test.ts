import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAlive } from './processes.ts'
import { connect, folder, lines, sql, start } from './testing.ts'

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

  test('says when its folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '')
    const refused = start({ dataDir: join(folder, 'file') })
    await expect(refused).rejects.toThrow(/^The data folder .*file cannot be used .*choose another DATA_DIR\.$/)
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

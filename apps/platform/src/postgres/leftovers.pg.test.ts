import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAlive } from './processes.ts'
import { folder, lines, start } from './testing.ts'

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

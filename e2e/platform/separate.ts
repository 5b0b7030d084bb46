import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@realtime/kit/testing'
import { startPostgres } from '@realtime/platform/postgres'
import { testEnvironment } from '@realtime/platform/testing'
import { healthy, type PartName, type Platform } from './platform.ts'
import { freePort } from './ports.ts'
import { type Spawned, spawnNode } from './process.ts'

const services = ['auth', 'organization', 'document', 'collaboration', 'ai', 'web', 'gateway'] as const
type Service = (typeof services)[number]

/**
 * Starts every part as its own `main.ts <name>` on environment variables alone, against a PostgreSQL that none of
 * them started: the way a company runs it on many machines. The test stands in for the orchestrator: it starts a
 * part that ended again.
 */
export async function startSeparate(): Promise<Platform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'realtime-e2e-'))
  const log = { info() {}, warn() {}, error() {}, debug() {} }
  const password = randomBytes(32).toString('hex')
  let stopping = false
  const database = () => startPostgres({ dataDir, port: databasePort, password, log })
  const databasePort = await freePort()
  let postgres = await database()
  const env = await testEnvironment({ NODE_ENV: 'production', DATABASE_URL: postgres.adminUrl })
  const url = env.PUBLIC_URL ?? ''
  const running = new Map<Service, Spawned>()
  const run = (name: Service): void => {
    const child = spawnNode(['--import', 'tsx', 'apps/platform/src/main.ts', name], env)
    running.set(name, child)
    void child.ended.then(() => {
      if (!stopping && running.get(name) === child) run(name)
    })
  }
  const startAll = async (): Promise<void> => {
    stopping = false
    for (const name of services) run(name)
    await eventually(() => healthy(url), 120_000).catch((error: unknown) => {
      const said = [...running].map(([name, child]) => `--- ${name}\n${child.output().slice(-2_000)}`).join('\n')
      throw new Error(`the platform did not become healthy: ${error}\n${said}`)
    })
  }
  const stopAll = async (): Promise<void> => {
    stopping = true
    await Promise.all([...running.values()].map((child) => child.end('SIGTERM')))
  }
  try {
    await startAll()
  } catch (error) {
    await stopAll()
    await postgres.stop()
    throw error
  }
  return {
    mode: 'separate processes',
    url,
    setupLink: `${url}/setup?token=${env.SETUP_TOKEN}`,
    killSupervisor: null,
    async kill(part: PartName) {
      if (part === 'postgres') {
        process.kill(postgres.pid, 'SIGKILL')
        postgres = await database()
      } else await running.get(part)?.end('SIGKILL')
    },
    async restart() {
      await stopAll()
      await postgres.stop()
      postgres = await database()
      await startAll()
    },
    async stop() {
      await stopAll()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

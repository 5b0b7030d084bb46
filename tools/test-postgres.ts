import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endLeftovers, isClaimed, startPostgres } from '@realtime/platform/postgres'

// The global setup of the tests that need PostgreSQL: one server for all of them, each test in a schema of its own.

const PREFIX = 'realtime-test-postgres-'

/** Starts a server in a temporary folder unless TEST_DATABASE_URL names one; returns how to take it away again. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.TEST_DATABASE_URL) return async () => undefined
  await sweep()
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX))
  const server = await startPostgres({
    dataDir,
    password: randomBytes(12).toString('hex'),
    durable: false,
    settings: { max_connections: '300', shared_buffers: '64MB' },
    log: { ...silent, warn: console.warn },
  })
  process.env.TEST_DATABASE_URL = server.adminUrl
  return async () => {
    delete process.env.TEST_DATABASE_URL
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Ends and removes the servers of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name)
    // Another run may have made its folder just now, and be about to claim it.
    if (isClaimed(folder) || Date.now() - statSync(folder).mtimeMs < 60_000) continue
    await endLeftovers(join(folder, 'cluster'), silent)
    rmSync(folder, { recursive: true, force: true })
  }
}

const silent = { info: () => undefined, warn: () => undefined }

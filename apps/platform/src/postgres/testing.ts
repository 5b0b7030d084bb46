import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach } from 'vitest'
import { type PostgresOptions, type PostgresServer, startPostgres } from './index.ts'

/** What the server says. */
export const lines: string[] = []
/** A folder of this test's own, which everyone may enter. */
export let folder: string
let running: PostgresServer[]

const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) }
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

/** Starts a server in `folder`, stopped after the test. */
export async function start(more: Partial<PostgresOptions> = {}): Promise<PostgresServer> {
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

/** A client whose connection may be cut. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** The rows of one statement. */
export async function sql(url: string, statement: string): Promise<unknown[]> {
  const client = await connect(url)
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type PostgresServer, startPostgres } from '../postgres/index.ts'
import { forgetChild, recordChild } from './leftovers.ts'
import { openLog } from './logfile.ts'
import type { PartPlace } from './part.ts'
import type { DatabaseUrls } from './wiring.ts'

/** The embedded PostgreSQL, kept running. */
export interface Database extends DatabaseUrls {
  readonly pid: number | undefined
  stop(): Promise<void>
}

/** How long a PostgreSQL that died is tried again in quick succession, in milliseconds. */
const RETRY_MS = 30_000

/** Starts PostgreSQL, and again whenever it ends. Rejects when the first start fails. */
export async function runDatabase(dataDir: string, password: string, place: PartPlace): Promise<Database> {
  const { screen, runDir } = place
  const file = openLog(place.logDir, 'postgres')
  const write = (level: string, text: string) => file.write(JSON.stringify({ level, time: Date.now(), msg: text }))
  const log = {
    info: (text: string) => write('info', text),
    warn: (text: string) => {
      write('warn', text)
      screen.warn('postgres', text)
    },
  }
  let server: PostgresServer | undefined
  let stopping = false
  let port = 0
  const start = async () => {
    const began = performance.now()
    const started = await startPostgres({
      dataDir: join(dataDir, 'postgres'),
      password,
      port,
      log,
      onExit: ({ code, signal }) => {
        server = undefined
        forgetChild(runDir, 'postgres')
        place.changed?.()
        if (stopping) return
        screen.state('postgres', 'stopped', `${signal ?? `exit ${code}`}, again at once`)
        void again()
      },
    })
    server = started
    port = started.port
    recordChild(runDir, 'postgres', started.pid)
    screen.state('postgres', 'ready', '', performance.now() - began)
    place.changed?.()
    if (stopping) await stop()
    return started
  }
  const again = async () => {
    const until = Date.now() + RETRY_MS
    while (!stopping) {
      try {
        await start()
        return
      } catch (error) {
        log.warn(error instanceof Error ? error.message : String(error))
        // After half a minute it needs a person; it is still tried now and then.
        await delay(Date.now() < until ? 300 : 10_000)
      }
    }
  }
  const stop = async () => {
    stopping = true
    await server?.stop()
    forgetChild(runDir, 'postgres')
    file.close()
  }
  const { url, adminUrl } = await start()
  return {
    url,
    adminUrl,
    directUrl: url,
    get pid() {
      return server?.pid
    },
    stop,
  }
}

import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { clientConfig, connectClient } from '@realtime/kit/database'
import { type PostgresServer, startPostgres } from '@realtime/platform/postgres'

/** A PostgreSQL that runs again whenever it ends, and whose single processes can be hit. */
export interface Database {
  adminUrl: string
  port: number
  kill(): void
  pause(ms: number): void
  /** Sends a signal to one of the processes that serve a connection, `which` of them from 0 to 1. @returns its pid */
  signalBackend(which: number, signal: 'SIGKILL' | 'SIGTERM'): number | null
  pauseBackend(which: number, ms: number): number | null
  /** Lets hours pass for what is in the logs of documents, so that history gets through with it. */
  age(): Promise<void>
  /** How many rows were taken out of logs since snapshots stand for them. */
  compactedRows(): Promise<number>
  /** Ends all pauses, and resolves once it runs. */
  heal(): Promise<void>
  stop(): Promise<void>
}

/** Milliseconds between attempts to start a server again. */
const AGAIN_MS = 300

/** Milliseconds in which it must answer. */
const ASK_MS = 10_000

/** Starts a PostgreSQL in a folder; what happens to it is added to the file `log`. */
export async function keepDatabase(dataDir: string, password: string, log: string): Promise<Database> {
  const note = (text: string): void => appendFileSync(log, `${new Date().toISOString()} ${text}\n`)
  let server: PostgresServer | null = null
  let port = 0
  let stopping = false
  let starting: Promise<void> = Promise.resolve()
  const paused = new Map<number, NodeJS.Timeout>()

  const start = async (): Promise<PostgresServer> => {
    const onExit = (): void => {
      server = null
      note('ended')
      if (!stopping) starting = again()
    }
    const started = await startPostgres({ dataDir, password, port, log: { info: note, warn: note }, onExit })
    port = started.port
    server = started
    return started
  }
  const again = async (): Promise<void> => {
    while (!stopping) {
      try {
        await start()
        return
      } catch (error) {
        note(String(error))
        await delay(AGAIN_MS)
      }
    }
  }
  const { adminUrl } = await start()
  const signal = (pid: number, name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name)
    } catch {
      // It ended meanwhile.
    }
  }
  const resume = (pid: number): void => {
    clearTimeout(paused.get(pid))
    paused.delete(pid)
    signal(pid, 'SIGCONT')
  }
  const pause = (pid: number, ms: number): void => {
    clearTimeout(paused.get(pid))
    signal(pid, 'SIGSTOP')
    paused.set(
      pid,
      setTimeout(() => resume(pid), ms),
    )
  }
  const ask = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = await connectClient(clientConfig({ url: adminUrl }), { waitMs: ASK_MS })
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end().catch(() => {})
    }
  }
  const backend = (which: number): number | null => {
    const pids = server ? backendsOf(server.pid) : []
    return pids[Math.floor(which * pids.length)] ?? null
  }
  return {
    adminUrl,
    port,
    kill() {
      if (server) signal(server.pid, 'SIGKILL')
    },
    pause(ms) {
      if (server) pause(server.pid, ms)
    },
    signalBackend(which, name) {
      const pid = backend(which)
      if (pid !== null) signal(pid, name)
      return pid
    },
    pauseBackend(which, ms) {
      const pid = backend(which)
      if (pid !== null) pause(pid, ms)
      return pid
    },
    async age() {
      await ask(`UPDATE document.updates SET at = at - interval '2 hours' WHERE at > now() - interval '1 hour'`)
    },
    async compactedRows() {
      const [row] = await ask('SELECT coalesce(sum(compacted_seq), 0) AS rows FROM document.resources')
      return Number(row?.rows)
    },
    async heal() {
      for (const pid of paused.keys()) resume(pid)
      await starting
    },
    async stop() {
      for (const pid of paused.keys()) resume(pid)
      stopping = true
      await starting
      await server?.stop()
    },
  }
}

/** The processes of a server that serve connections, oldest first; none where the system does not tell. */
function backendsOf(postmaster: number): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isBackend(name, postmaster))
    .map(Number)
    .sort((a, b) => a - b)
}

function isBackend(pid: string, postmaster: number): boolean {
  try {
    // `postgres: <user> <database> 127.0.0.1(port) …`; the second field in brackets may hold anything.
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    if (Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]) !== postmaster) return false
    return /127\.0\.0\.1\(/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return false
  }
}

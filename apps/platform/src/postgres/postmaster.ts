import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DatabaseLog } from '@realtime/kit/database'
import { program } from './binaries.ts'
import { environment } from './cluster.ts'
import type { Place } from './place.ts'
import { HOST } from './port.ts'

/** A server process that accepts connections. */
export type Running = { pid: number; stop(): Promise<void> }

/** How to run it; see `PostgresOptions`. */
export type RunOptions = {
  log: DatabaseLog
  onExit?: (how: { code: number | null; signal: NodeJS.Signals | null }) => void
  durable?: boolean
  settings?: Record<string, string>
}

/** Starts the server process once: resolves when it is ready, or with its last words when it ended instead. */
export async function startOnce(
  place: Place,
  port: number,
  { log, onExit, durable = true, settings = {} }: RunOptions,
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
      resolve(lastWords(output, data) || `it ended at once (${signal ?? code})`)
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

/** Why the server ended: in the file it began with, or in its own log once that was open. */
function lastWords(output: string, data: string): string {
  const logs = join(data, 'log')
  const files = existsSync(logs) ? readdirSync(logs).map((name) => join(logs, name)) : []
  const newest = files.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1)
  const began = readFileSync(output, 'utf8')
  const lines = began.trim().split('\n')
  const opened =
    newest && /logging collector/.test(began) ? readFileSync(newest, 'utf8').trim().split('\n').slice(-5) : []
  const fatal = [...lines, ...opened].filter((line) => /(FATAL|PANIC|ERROR):/.test(line)).at(-1) ?? lines.at(-1) ?? ''
  return fatal.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '')
}

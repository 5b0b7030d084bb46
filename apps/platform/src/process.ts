import { ConfigError, type ConfigIssue, type Running, readConfig } from '@realtime/kit'
import { DatabaseUnreachable, MigrationFailed } from '@realtime/kit/database'
import { type Service, type ServiceName, serviceNames, services } from './services.ts'

/** Exit statuses as in sysexits.h: what a supervisor can learn from the end of a service process. */
export const EXIT = { failed: 1, unavailable: 69, config: 78 } as const

/** Milliseconds that all services of a process get to stop. */
const STOP_MS = 12_000

/**
 * Runs services in this process until SIGTERM, SIGINT, SIGHUP or the end of the supervisor's channel, then stops them
 * in reverse order. What can go wrong at the start ends in a line and an exit status, never in a stack trace.
 */
export async function runServices(names: ServiceName[], env = process.env): Promise<void> {
  const ordered = serviceNames.filter((name) => names.includes(name))
  const running: Running[] = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= stopAll(running)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
  if (process.channel) process.on('disconnect', stop)
  try {
    const loaded = await Promise.all(ordered.map(async (name) => ({ name, service: await services[name]() })))
    const configs = readConfigs(loaded, env)
    // Together, because each waits in its own readiness for those it calls.
    const started = await Promise.allSettled(
      loaded.map(async ({ service }, index) => {
        const one = await service.start(configs[index] ?? {})
        running.push(one)
        if (stopping) await one.stop()
      }),
    )
    for (const result of started) if (result.status === 'rejected') throw result.reason
    // A supervisor that died while we were loading sends no event any more.
    if (process.channel === undefined && process.env.SUPERVISED === '1') stop()
  } catch (error) {
    const { line, status } = explain(error)
    console.error(line)
    await Promise.allSettled(running.map((one) => one.stop()))
    process.exit(status)
  }
}

function readConfigs(loaded: { service: Service }[], env: NodeJS.ProcessEnv): Record<string, unknown>[] {
  const issues = new Map<string, ConfigIssue>()
  const configs = loaded.map(({ service }) => {
    try {
      return readConfig(service.config, env) as Record<string, unknown>
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const issue of error.issues) issues.set(issue.name, issue)
      return {}
    }
  })
  if (issues.size > 0) throw new ConfigError([...issues.values()])
  return configs
}

async function stopAll(running: Running[]): Promise<void> {
  const timer = setTimeout(() => {
    console.error(`The services did not stop within ${STOP_MS / 1000} s.`)
    process.exit(EXIT.failed)
  }, STOP_MS)
  // Callers before those they call, so that a last write still finds its callee.
  const order: string[] = [...serviceNames].reverse()
  for (const one of [...running].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))) {
    await one.stop().catch((error: unknown) => console.error(`${one.name} did not stop cleanly:`, error))
  }
  clearTimeout(timer)
  process.exit(0)
}

/** The line and exit status of a failed start; a stack trace only for what nobody foresaw. */
export function explain(error: unknown): { line: string; status: number } {
  if (error instanceof ConfigError) return { line: error.message, status: EXIT.config }
  if (error instanceof DatabaseUnreachable) return { line: error.message, status: EXIT.unavailable }
  if (error instanceof MigrationFailed) return { line: error.message, status: EXIT.failed }
  const { code, address, port } = error as { code?: unknown; address?: unknown; port?: unknown }
  if (code === 'EADDRINUSE') return { line: `The address ${address}:${port} is in use already.`, status: EXIT.failed }
  if (code === 'EACCES' && port) return { line: `Listening on port ${port} is not allowed.`, status: EXIT.failed }
  if (code === 'EADDRNOTAVAIL') {
    return { line: `The address ${address} is none of this machine's.`, status: EXIT.failed }
  }
  return { line: error instanceof Error ? (error.stack ?? error.message) : String(error), status: EXIT.failed }
}

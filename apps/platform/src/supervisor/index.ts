import { join, relative } from 'node:path'
import { ConfigError } from '@realtime/kit/config'
import { clientConfig, connectClient, DatabaseUnreachable } from '@realtime/kit/database'
import { PostgresFailed } from '../postgres/index.ts'
import { type Database, runDatabase } from './database.ts'
import { endLeftovers } from './leftovers.ts'
import { Locked, takeLock } from './lock.ts'
import { createPart, type Part } from './part.ts'
import { partSpecs, stopOrder } from './parts.ts'
import { choosePorts, explainPort } from './ports.ts'
import { createScreen, type Screen } from './screen.ts'
import { keepSecrets, requireSecrets, type Secrets, SecretsFailed } from './secrets.ts'
import { reachable, readSettings, type Settings } from './settings.ts'
import { type StopSignal, stopSignal } from './signals.ts'
import { clearState, writeState } from './state.ts'
import { reloadOnChange } from './watch.ts'
import { type DatabaseUrls, partVariables, portNames, wire } from './wiring.ts'

/** Milliseconds a part gets to stop by itself. */
const STOP_MS = 12_000
/** Milliseconds the parts get to become ready before the address is shown all the same. */
const READY_MS = 60_000

/** Milliseconds an external database may take to come up beside us. */
const DATABASE_MS = 10_000

/** A start that cannot be; the message is for people. */
class Refused extends Error {}

/**
 * Runs the whole platform until SIGTERM, SIGINT or SIGHUP, and resolves with the exit status. What is expected to go
 * wrong (a port in use, a second supervisor, wrong configuration) is one line and status 1, with nothing started.
 */
export async function supervise(options: { dev: boolean }): Promise<number> {
  const screen = createScreen()
  const stop = stopSignal(screen)
  let release = () => {}
  const held: Held = { parts: [], database: null }
  try {
    const settings = readSettings(process.env)
    release = takeLock(join(settings.dataDir, 'supervisor.lock'))
    await run(settings, options.dev, screen, held, stop)
    return 0
  } catch (error) {
    if (!(error instanceof Refused || isExpected(error))) throw error
    console.error(error.message)
    return 1
  } finally {
    await stopAll(held, stop, screen)
    release()
  }
}

interface Held {
  parts: Part[]
  database: Database | null
}

async function run(settings: Settings, dev: boolean, screen: Screen, held: Held, stop: StopSignal): Promise<void> {
  const began = performance.now()
  const { dataDir } = settings
  const place = { runDir: join(dataDir, 'run'), logDir: join(dataDir, 'logs'), screen }
  const left = await endLeftovers(place.runDir)
  if (left.length > 0) screen.line(`Ended what an earlier start left running: ${left.join(', ')}`)
  const refusal = await explainPort(settings.host, settings.port)
  if (refusal) throw new Refused(refusal)
  const secrets = chooseSecrets(settings)
  if (settings.databaseUrl) await reach(settings.databaseUrl)
  const ports = await choosePorts(portNames)
  screen.line(`Realtime Collaborator starts; data, secrets and logs are in ${relative(process.cwd(), dataDir) || '.'}`)
  screen.busy('PostgreSQL starts…')
  if (!settings.databaseUrl) held.database = await runDatabase(dataDir, secrets.DATABASE_PASSWORD ?? '', place)
  if (stop.asked) return
  const database = databaseOf(settings, held)
  const url = `http://${reachable(settings.host)}:${settings.port}`
  const documentUrl = `http://127.0.0.1:${ports.DOCUMENT_INTERNAL}`
  writeState(dataDir, { publicUrl: settings.publicUrl, url, databaseUrl: database.adminUrl, documentUrl })
  const specs = partSpecs(wire(settings, ports, secrets, database), ports, process.env, dev)
  const parts = specs.map((spec) => createPart(spec, place))
  held.parts = parts
  if (!parts.some((part) => part.name === 'ai')) {
    screen.state('ai', 'off', 'no Python environment; `npm run doctor` says how to switch it on')
  }
  const inner = parts.filter((part) => part.name !== 'gateway')
  for (const part of inner) part.start()
  await allReady(inner, screen, stop)
  const gateway = parts.find((part) => part.name === 'gateway')
  gateway?.start()
  if (gateway) await allReady([gateway], screen, stop)
  if (stop.asked) return
  await announce(settings, ports.AUTH, secrets, parts, screen, performance.now() - began)
  const unwatch = dev ? reloadOnChange(parts, screen) : () => undefined
  await stop.wait
  unwatch()
  clearState(dataDir)
}

/** @throws DatabaseUnreachable once, in a line, instead of one from each service */
async function reach(url: string): Promise<void> {
  await (await connectClient(clientConfig({ url }), { waitMs: DATABASE_MS })).end()
}

function databaseOf(settings: Settings, held: Held): DatabaseUrls {
  if (held.database) return held.database
  const url = settings.databaseUrl ?? ''
  return { url, adminUrl: process.env.DATABASE_ADMIN_URL || url, directUrl: process.env.DATABASE_DIRECT_URL || url }
}

function chooseSecrets(settings: Settings): Secrets {
  if (!settings.databaseUrl) return keepSecrets(join(settings.dataDir, 'secrets.json'), process.env)
  const read = new Set(Object.values(partVariables()).flat())
  return requireSecrets(process.env, (name) => read.has(name))
}

async function allReady(parts: Part[], screen: Screen, stop: StopSignal): Promise<void> {
  const until = performance.now() + READY_MS
  for (;;) {
    const waiting = parts.filter((part) => !part.ready && !part.failing)
    if (waiting.length === 0 || stop.asked || performance.now() > until) return
    screen.busy(`waiting for ${waiting.map((part) => part.name).join(', ')}…`)
    await Promise.race([Promise.any(waiting.map((part) => part.untilReady(1_000))), stop.wait])
  }
}

async function announce(
  settings: Settings,
  authPort: number,
  secrets: Secrets,
  parts: Part[],
  screen: Screen,
  ms: number,
): Promise<void> {
  const late = parts.filter((part) => !part.ready)
  const missing = late.map((part) => (part.complaint ? `${part.name} (${part.complaint})` : part.name))
  if (missing.length > 0) screen.line(`Still not ready: ${missing.join(', ')}. They are tried again and again.`)
  if (settings.advice) screen.line(settings.advice)
  const seconds = (ms / 1000).toFixed(1)
  const setUp = await isSetUp(authPort)
  if (setUp) screen.address(`Up in ${seconds} s:`, settings.publicUrl)
  else screen.address(`Up in ${seconds} s. Set it up at`, `${settings.publicUrl}/setup?token=${secrets.SETUP_TOKEN}`)
}

/** Whether the administrator exists; true when auth does not say, for its setup link would not work then either. */
async function isSetUp(authPort: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${authPort}/auth/status`, { signal: AbortSignal.timeout(3_000) })
    const body = (await response.json()) as { setUp?: unknown }
    return body.setUp !== false
  } catch {
    return true
  }
}

async function stopAll(held: Held, stop: StopSignal, screen: Screen): Promise<void> {
  if (held.parts.length > 0) screen.busy('stopping…')
  for (const group of stopOrder) {
    const parts = held.parts.filter((part) => group.includes(part.name))
    await Promise.all(parts.map((part) => stopOne(part, stop)))
  }
  await held.database?.stop()
  if (held.parts.length > 0) screen.line('Stopped.')
}

async function stopOne(part: Part, stop: StopSignal): Promise<void> {
  const stopped = part.stop(stop.hurried ? 300 : STOP_MS)
  await Promise.race([stopped, stop.hurry])
  // A second Ctrl+C: nothing that was acknowledged can be lost by this, and PostgreSQL is still stopped in order.
  if (stop.hurried) await part.stop(300)
  await stopped
}

function isExpected(error: unknown): error is Error {
  return [ConfigError, DatabaseUnreachable, Locked, SecretsFailed, PostgresFailed].some((kind) => error instanceof kind)
}

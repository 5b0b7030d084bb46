import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '@realtime/kit/testing'
import { testEnvironment } from '@realtime/platform/testing'
import { type Fault, type LinkName, type PartName, parts } from '../plan/plan.ts'
import { type Database, keepDatabase } from './database.ts'
import { type Link, openLink } from './link.ts'
import { type Kept, keepRunning } from './process.ts'

/** A whole platform of real processes, with links before what may be cut off, and everything ready to be hurt. */
export interface World {
  /** What people type in. */
  url: string
  setupLink: string
  /** Bytes that went through all links. */
  readonly bytes: number
  database: Database
  part(name: PartName): Kept
  /** The address of the gateway behind the link of a tab. */
  urlOf(tab: number): string
  suffer(link: LinkName, fault: Fault, ms: number): void
  /** Ends all faults and pauses; resolves when PostgreSQL runs, not when the parts do. */
  heal(): Promise<void>
  /** Resolves when every part can do its work. */
  ready(): Promise<void>
  /** Stops everything in order and starts it on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A machine that is busy otherwise needs long to start so many processes. */
const READY_MS = 180_000

/** Starts PostgreSQL and the parts in processes of their own; data and logs are in `folder`. */
export async function startWorld(folder: string, tabs: number, more: Record<string, string>): Promise<World> {
  const logs = join(folder, 'logs')
  mkdirSync(logs, { recursive: true })
  const password = randomBytes(32).toString('hex')
  const openDatabase = (): Promise<Database> => keepDatabase(join(folder, 'data'), password, join(logs, 'postgres.log'))
  let database = await openDatabase()
  const env = await testEnvironment({
    NODE_ENV: 'production',
    DATABASE_URL: database.adminUrl,
    RATE_LIMIT_ACTOR: '0',
    RATE_LIMIT_ANONYMOUS: '0',
    RATE_LIMIT_ADDRESS: '0',
    RATE_LIMIT_AUTH: '0',
    ...more,
  })
  const variable = (name: string): string => env[name] ?? ''
  const links = {
    document: await openLink(portOf(variable('DOCUMENT_INTERNAL_URL'))),
    database: await openLink(database.port),
    tabs: await Promise.all(Array.from({ length: tabs }, () => openLink(portOf(variable('GATEWAY_URL'))))),
  }
  const own: Partial<Record<PartName, Record<string, string>>> = {
    collaboration: { DOCUMENT_INTERNAL_URL: `http://127.0.0.1:${links.document.port}` },
    document: { DATABASE_URL: withPort(database.adminUrl, links.database.port), DATABASE_ADMIN_URL: database.adminUrl },
  }
  const running = new Map<PartName, Kept>()
  const all = (): Link[] => [links.document, links.database, ...links.tabs]
  const startParts = async (): Promise<void> => {
    for (const name of parts) {
      const args = ['--import', 'tsx', 'apps/platform/src/main.ts', name]
      running.set(name, keepRunning(args, { ...env, ...own[name] }, join(logs, `${name}.log`)))
    }
    await ready()
  }
  // Callers before those they call.
  const stopParts = async (): Promise<void> => {
    for (const name of ['gateway', 'collaboration', 'document', 'organization', 'auth'] as const)
      await running.get(name)?.stop()
  }
  const ready = async (): Promise<void> => {
    await eventually(async () => {
      const answers = await Promise.all(
        parts.map((name) => fetch(`${variable(`${name.toUpperCase()}_INTERNAL_URL`)}/ready`)),
      )
      return answers.every(({ ok }) => ok)
    }, READY_MS)
  }
  const heal = async (): Promise<void> => {
    for (const link of all()) link.heal()
    for (const part of running.values()) part.resume()
    await database.heal()
  }
  const stop = async (): Promise<void> => {
    await heal()
    await stopParts()
    await Promise.all(all().map((link) => link.stop()))
    await database.stop()
  }
  try {
    await startParts()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: variable('PUBLIC_URL'),
    setupLink: `${variable('PUBLIC_URL')}/setup?token=${variable('SETUP_TOKEN')}`,
    get bytes() {
      return all().reduce((sum, link) => sum + link.bytes, 0)
    },
    get database() {
      return database
    },
    part: (name) => running.get(name) as Kept,
    urlOf: (tab) => `http://127.0.0.1:${links.tabs[tab]?.port}`,
    suffer: (link, fault, ms) => (typeof link === 'number' ? links.tabs[link] : links[link])?.suffer(fault, ms),
    heal,
    ready,
    async restart() {
      await heal()
      await stopParts()
      await database.stop()
      database = await openDatabase()
      await startParts()
    },
    stop,
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}

function withPort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}

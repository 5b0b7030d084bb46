import { setMaxListeners } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Caller } from '@realtime/contracts'
import {
  createLog,
  createMetrics,
  type Log,
  type Metrics,
  serviceCaller,
  type UserTokens,
  userTokens,
} from '@realtime/kit'
import {
  type ChangesTable,
  changesTable,
  openDatabase,
  openPool,
  prepareDatabase,
  type Wakeups,
  wakeups,
} from '@realtime/kit/database'
import type pg from 'pg'
import { type Announcer, announcer } from './announcer.ts'
import { commitGroup } from './append-statement.ts'
import { type Compaction, compaction } from './compaction.ts'
import { type Compactor, compactor } from './compactor.ts'
import type { DocumentConfig } from './config.ts'
import { PrismaClient } from './database/client.ts'
import { type EntitlementsOf, entitlements } from './entitlements.ts'
import { type ChangeFeed, changeFeed } from './feed.ts'
import { type FileLinks, fileLinks } from './file-links.ts'
import { type Folder, folder } from './folder.ts'
import { type LinkEnds, linkEnds } from './link-ends.ts'
import { type LinkLimits, linkLimits } from './link-limits.ts'
import { type LinkTokens, linkTokens } from './link-tokens.ts'
import { type Memberships, memberships } from './memberships.ts'
import { type Past, past } from './past.ts'
import { type SearchTexts, searchTexts } from './search-texts.ts'
import { type StateCache, stateCache } from './state-cache.ts'
import { type Troubles, troubles } from './troubles.ts'
import { type Turns, turns } from './turns.ts'
import { type UsageReports, usageReports } from './usage.ts'

/** All that the functions of this service work with. */
export interface Context {
  config: DocumentConfig
  log: Log
  db: PrismaClient
  /** Plain connections for the log, where bytes and milliseconds count. */
  pool: pg.Pool
  /** A few more for grouped appends alone: no download and no long log holds up a keystroke. */
  appends: pg.Pool
  users: UserTokens
  /** How the organization service is called. */
  organization: Caller
  /** And auth. */
  auth: Caller
  memberships: Memberships
  entitlements: EntitlementsOf
  /** Tells organization how much is stored. */
  usage: UsageReports
  fileLinks: FileLinks
  linkTokens: LinkTokens
  linkLimits: LinkLimits
  linkEnds: LinkEnds
  uploads: Turns
  /** Tells that a log has grown, and hears of it. */
  announcer: Announcer
  appended: Wakeups
  changed: Wakeups
  changes: ChangesTable
  feed: ChangeFeed
  folder: Folder
  past: Past
  compactor: Compactor
  compaction: Compaction
  texts: SearchTexts
  troubles: Troubles
  metrics: Metrics
  states: StateCache
  /** Aborted when the service drains: streams and waiting answers end. */
  draining: AbortSignal
  drain(): void
  close(): Promise<void>
}

const migrationsDir = fileURLToPath(new URL('../prisma/migrations', import.meta.url))
const APPEND_CONNECTIONS = 4
const STATE_CACHE_BYTES = 64 * 1024 * 1024

/** Opens everything the service holds: the database (migrated), tokens, memberships, listeners. */
export async function open(config: DocumentConfig): Promise<Context> {
  const log = createLog('document', config.LOG_LEVEL)
  const prepared = await prepareDatabase({ name: 'document', config, migrationsDir, log, max: config.DATABASE_POOL })
  const { directUrl: url, role, schema } = prepared
  const db = openDatabase(PrismaClient, prepared)
  const pool = openPool(prepared)
  // They stay: a connection takes longer to open than many commits, and the next group would wait for it.
  const appends = openPool({
    ...prepared,
    config: { ...prepared.config, max: APPEND_CONNECTIONS, idleTimeoutMillis: 0 },
  })
  const stopping = new AbortController()
  // Each open stream listens to it.
  setMaxListeners(0, stopping.signal)
  const changes = changesTable(db)
  const changed = wakeups({ url, role, channel: `${schema}_changes` })
  const organization = serviceCaller({
    from: 'document',
    to: 'organization',
    url: config.ORGANIZATION_INTERNAL_URL,
    secret: config.ORGANIZATION_SERVICE_SECRET,
    timeoutMs: 3_000,
  })
  const metrics = createMetrics('document')
  const tools = { pool, compactor: compactor(), troubles: troubles({ pool, log, registry: metrics.registry }) }
  const logs = compaction({ ...tools, log })
  const before = past()
  const texts = searchTexts({ pool, past: before, log })
  const told = announcer({ pool, channel: `${schema}_appended`, log })
  const ctx: Context = {
    config,
    log,
    db,
    pool,
    appends,
    users: userTokens({ authUrl: config.AUTH_URL, publicUrl: config.PUBLIC_URL }),
    organization,
    auth: serviceCaller({
      from: 'document',
      to: 'auth',
      url: config.AUTH_INTERNAL_URL,
      secret: config.AUTH_SERVICE_SECRET,
      timeoutMs: 3_000,
    }),
    memberships: memberships({
      url: config.ORGANIZATION_INTERNAL_URL,
      secret: config.ORGANIZATION_SERVICE_SECRET,
      log,
    }),
    entitlements: entitlements(organization),
    usage: usageReports({ pool, caller: organization, log }),
    fileLinks: fileLinks(config.DOCUMENT_SERVICE_SECRET),
    linkTokens: linkTokens(config.DOCUMENT_SERVICE_SECRET),
    linkLimits: linkLimits(db),
    linkEnds: linkEnds({ pool, log }),
    uploads: turns(),
    announcer: {
      ...told,
      announce(id, seq) {
        logs.look(id)
        texts.look(id)
        told.announce(id, seq)
      },
    },
    appended: wakeups({ url, role, channel: `${schema}_appended` }),
    changed,
    changes,
    feed: changeFeed({ table: changes, changed, log }),
    folder: folder(),
    past: before,
    compactor: tools.compactor,
    compaction: logs,
    texts,
    troubles: tools.troubles,
    metrics,
    states: stateCache(STATE_CACHE_BYTES),
    draining: stopping.signal,
    drain: () => stopping.abort(),
    async close() {
      ctx.users.stop()
      ctx.memberships.stop()
      ctx.linkEnds.stop()
      await ctx.usage.stop()
      await ctx.announcer.settled()
      await Promise.all([ctx.folder.stop(), ctx.past.stop(), ctx.compaction.stop(), ctx.texts.stop()])
      await Promise.all([ctx.appended.stop(), ctx.changed.stop()])
      await Promise.all([db.$disconnect(), pool.end(), appends.end()])
    },
  }
  await warm(ctx)
  return ctx
}

/** Opens the connections of grouped appends and has them prepare what they will be asked. */
async function warm(ctx: Context): Promise<void> {
  const writer = { type: 'service', name: 'document' } as const
  const connections = Array.from({ length: APPEND_CONNECTIONS }, () => commitGroup(ctx, writer, []))
  await Promise.all(connections).catch((error: unknown) => {
    ctx.log.warn({ err: error }, 'the connections of appends are opened when they are needed')
  })
}

import { fileURLToPath } from 'node:url'
import type { Caller } from '@realtime/contracts'
import { createLog, type Log, serviceCaller, type UserTokens, userTokens } from '@realtime/kit'
import {
  type ChangesTable,
  changesTable,
  openDatabase,
  prepareDatabase,
  type Wakeups,
  wakeups,
} from '@realtime/kit/database'
import type Stripe from 'stripe'
import { openStripe } from './billing/stripe.ts'
import { Turns } from './billing/turns.ts'
import type { OrganizationConfig } from './config.ts'
import { PrismaClient } from './database/client.ts'
import { askPeople, type People } from './people.ts'

const migrationsDir = fileURLToPath(new URL('../prisma/migrations', import.meta.url))

/** Milliseconds that work at Stripe gets to end before the database is let go. */
const SETTLE_MS = 5_000

/** What every function of the service works with. */
export interface Context {
  config: OrganizationConfig
  log: Log
  db: PrismaClient
  users: UserTokens
  people: People
  /** How auth's internal routes are called. */
  auth: Caller
  /** Stripe; null on a server without billing. */
  stripe: Stripe | null
  turns: Turns
  changes: ChangesTable
  changed: Wakeups
  /** Aborted when the service drains: answers that wait end. */
  draining: AbortController
  close(): Promise<void>
}

/** Prepares the database and opens what the service needs. @throws when the database cannot be used */
export async function openContext(config: OrganizationConfig): Promise<Context> {
  const log = createLog('organization', config.LOG_LEVEL)
  const prepared = await prepareDatabase({
    name: 'organization',
    config,
    migrationsDir,
    log,
    max: config.DATABASE_POOL,
  })
  const db = openDatabase(PrismaClient, prepared)
  const users = userTokens({ authUrl: config.AUTH_URL, publicUrl: config.PUBLIC_URL })
  const changed = wakeups({
    url: prepared.directUrl,
    role: prepared.role,
    channel: `${prepared.schema}_changes`,
  })
  const auth = serviceCaller({
    from: 'organization',
    to: 'auth',
    url: config.AUTH_INTERNAL_URL,
    secret: config.AUTH_SERVICE_SECRET,
    timeoutMs: 3_000,
  })
  const turns = new Turns()
  return {
    config,
    log,
    db,
    users,
    people: askPeople(auth, log),
    auth,
    stripe: openStripe(config),
    turns,
    changes: changesTable(db),
    changed,
    draining: new AbortController(),
    async close() {
      users.stop()
      await turns.settled(SETTLE_MS)
      await changed.stop()
      await db.$disconnect()
    },
  }
}

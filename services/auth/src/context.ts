import { setMaxListeners } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createLog, type Log } from '@realtime/kit'
import {
  type ChangesTable,
  changesTable,
  openDatabase,
  prepareDatabase,
  type Wakeups,
  wakeups,
} from '@realtime/kit/database'
import type { AuthConfig } from './config.ts'
import { PrismaClient } from './database/client.ts'
import { checkSigningKey, type Identity, openIdentity } from './identity.ts'
import { type Limits, openLimits } from './limits.ts'
import { openPost, type Post } from './mail/post.ts'
import { type Revocations, revocations } from './revocations.ts'
import { rotateSigningKeys } from './signing-keys.ts'

const migrationsDir = fileURLToPath(new URL('../prisma/migrations', import.meta.url))

/** What every function of the service works with. */
export interface Context {
  config: AuthConfig
  log: Log
  db: PrismaClient
  identity: Identity
  limits: Limits
  revocations: Revocations
  post: Post
  changes: ChangesTable
  changed: Wakeups
  /** Aborted when the service drains: answers that wait end. */
  draining: AbortController
}

/** Prepares the database and opens what the service needs. @throws when the database or AUTH_SECRET cannot be used */
export async function openContext(config: AuthConfig): Promise<Context> {
  const log = createLog('auth', config.LOG_LEVEL)
  const prepared = await prepareDatabase({ name: 'auth', config, migrationsDir, log, max: config.DATABASE_POOL })
  const db = openDatabase(PrismaClient, prepared)
  try {
    const identity = openIdentity(config, db, log)
    await checkSigningKey(identity)
    await rotateSigningKeys(db, identity)
    const { directUrl: url, role, schema } = prepared
    const draining = new AbortController()
    // Each answer that waits listens to it.
    setMaxListeners(0, draining.signal)
    return {
      config,
      log,
      db,
      identity,
      limits: openLimits(db),
      post: openPost({ config, db, log }),
      changes: changesTable(db),
      changed: wakeups({ url, role, channel: `${schema}_changes` }),
      revocations: revocations(db, wakeups({ url, role, channel: `${schema}_revoked` })),
      draining,
    }
  } catch (error) {
    await db.$disconnect()
    throw error
  }
}

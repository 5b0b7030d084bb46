import { fileURLToPath } from 'node:url'
import { createLog, type Log } from '@realtime/kit'
import { openDatabase, prepareDatabase } from '@realtime/kit/database'
import type { AuthConfig } from './config.ts'
import { PrismaClient } from './database/client.ts'
import { checkSigningKey, type Identity, openIdentity } from './identity.ts'
import { type Limits, openLimits } from './limits.ts'

const migrationsDir = fileURLToPath(new URL('../prisma/migrations', import.meta.url))

/** What every function of the service works with. */
export interface Context {
  config: AuthConfig
  log: Log
  db: PrismaClient
  identity: Identity
  limits: Limits
}

/** Prepares the database and opens what the service needs. @throws when the database or AUTH_SECRET cannot be used */
export async function openContext(config: AuthConfig): Promise<Context> {
  const log = createLog('auth', config.LOG_LEVEL)
  const prepared = await prepareDatabase({ name: 'auth', config, migrationsDir, log, max: config.DATABASE_POOL })
  const db = openDatabase(PrismaClient, prepared)
  try {
    const identity = openIdentity(config, db, log)
    await checkSigningKey(identity)
    return { config, log, db, identity, limits: openLimits(db) }
  } catch (error) {
    await db.$disconnect()
    throw error
  }
}

/**
 * The database floor: one PostgreSQL, one schema and one role a service, Prisma clients, migrations, LISTEN.
 *
 * In a service (`services/auth/src/index.ts`; its config has DATABASE_URL and, optional, DATABASE_ADMIN_URL,
 * DATABASE_DIRECT_URL, DATABASE_SCHEMA):
 *
 *     import { openDatabase, prepareDatabase } from '@realtime/kit/database'
 *     import { PrismaClient } from './database/client.ts'
 *
 *     const migrationsDir = fileURLToPath(new URL('../prisma/migrations', import.meta.url))
 *     const prepared = await prepareDatabase({ name: 'auth', config, migrationsDir, log })
 *     const database = openDatabase(PrismaClient, prepared)   // … await database.$disconnect()
 *     const pool = openPool(prepared)                         // plain pg where Prisma is in the way
 *     const listener = listen({ url: prepared.directUrl, role: prepared.role, channel }, onMessage, onState)
 *
 * Schema changes: edit `prisma/schema.prisma`, then `npx tsx tools/migrate.ts create auth add_devices` (writes
 * `prisma/migrations/0002_add_devices/` and generates the client). `node tools/generate-clients.mjs` generates alone.
 *
 * In a test (`*.pg.test.ts`): `const fresh = freshSchema('auth')`, `prepareDatabase({ config: fresh.config, … })`,
 * and `await fresh.drop()` at its end, after the clients are closed.
 */
export { type ChangesTable, changesTable, type ReadChangesInput, readChanges, wakeup } from './changes.ts'
export {
  type Connection,
  type ConnectionInput,
  clientConfig,
  connection,
  openDatabase,
  openPool,
  quote,
} from './connect.ts'
export { isDatabaseDown } from './down.ts'
export { diffSchemas } from './engine.ts'
export { type Listener, type ListenInput, type ListenState, listen } from './listen.ts'
export type { DatabaseLog } from './log.ts'
export { type MigrateInput, MigrationFailed, migrate, readMigrations } from './migrate.ts'
export { type DatabaseConfig, type PreparedDatabase, type PrepareInput, prepareDatabase } from './prepare.ts'
export { type Provisioned, type ProvisionInput, provision } from './provision.ts'
export { connectClient, DatabaseUnreachable, describeDatabase } from './reach.ts'
export { type FreshSchema, freshSchema, testDatabaseUrl } from './testing.ts'
export { type Wakeup, type Wakeups, wakeups } from './wakeups.ts'

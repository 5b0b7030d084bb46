import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type pg from 'pg'

// Prisma's command line downloads its schema engine when it is first used, which fails without the internet.
// The same engine is published as WebAssembly; its loader expects a bundler, so the module is instantiated here.

const WASM_IMPORTS = './schema_engine_bg.js'

type Engine = { SchemaEngine: typeof SchemaEngine }
let loaded: Engine | undefined

function engine(): Engine {
  if (loaded) return loaded
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const module = new WebAssembly.Module(readFileSync(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm')))
  const { exports } = new WebAssembly.Instance(module, {
    [WASM_IMPORTS]: bindings as unknown as WebAssembly.ModuleImports,
  })
  bindings.__wbg_set_wasm(exports)
  const start = exports.__wbindgen_start as () => void
  start()
  loaded = bindings as unknown as Engine
  return loaded
}

const NO_FILTERS = { externalTables: [], externalEnums: [] }

/** The SQL that leads from one Prisma schema (its text; null: an empty database) to another. Needs no database. */
export async function diffSchemas(from: string | null, to: string): Promise<string> {
  const schemas = await open(to, noDatabase())
  try {
    const { stdout } = await schemas.diff({
      from: from === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [file(from)] },
      to: { tag: 'schemaDatamodel', files: [file(to)] },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    })
    // The connection names the schema, not the migration: the same files serve a test's own schema.
    const sql = (stdout ?? '').replace(/^-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "[^"]*";\n+/, '')
    return sql.trim() === '' || sql.trim() === '-- This is an empty migration.' ? '' : sql
  } finally {
    schemas.free()
  }
}

/** One migration folder as read from disk. */
export type Migration = { name: string; sql: string; schema: string }

/**
 * Applies those of `migrations` that the database does not have yet, over the one connection of `pool`, and records
 * them in `_prisma_migrations`. The caller opens and closes the transaction.
 */
export async function applyMigrations(pool: pg.Pool, schema: string, migrations: Migration[]): Promise<void> {
  const last = migrations.at(-1)
  if (!last) return
  const list: MigrationList = {
    baseDir: '/migrations',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
  const applying = await open(last.schema, wholeScripts(new PrismaPg(pool, { schema })))
  try {
    await applying.applyMigrations({ migrationsList: list, filters: NO_FILTERS })
  } finally {
    applying.free()
  }
}

async function open(datamodel: string, adapter: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  const { content, path } = file(datamodel)
  return engine().SchemaEngine.new(
    { datamodels: [[path, content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  )
}

function file(content: string): { path: string; content: string } {
  return { path: 'schema.prisma', content }
}

/**
 * The adapter cuts a script at every semicolon, inside function bodies and string literals too; PostgreSQL itself
 * takes the whole script in one simple query.
 */
function wholeScripts(factory: PrismaPg): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    connect: async () => {
      const adapter = await factory.connect()
      adapter.executeScript = async (sql) => {
        await adapter.executeRaw({ sql, args: [], argTypes: [] })
      }
      return adapter
    },
  }
}

/** Comparing two schema files asks the database only whether the schema exists and how old the server is. */
function noDatabase(): SqlMigrationAwareDriverAdapterFactory {
  const refuse = () => Promise.reject(new Error('comparing two schema files needs no database'))
  const adapter: SqlDriverAdapter = {
    provider: 'postgres',
    adapterName: 'no-database',
    queryRaw: async ({ sql }) => {
      if (!sql.includes('server_version_num')) return refuse()
      return {
        columnNames: ['exists', 'version', 'numeric_version'],
        columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
        rows: [[true, 'PostgreSQL 16.0', 160000]],
      }
    },
    executeRaw: refuse,
    executeScript: refuse,
    startTransaction: refuse,
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: async () => undefined,
  }
  const connect = async () => adapter
  return { provider: adapter.provider, adapterName: adapter.adapterName, connect, connectToShadowDb: connect }
}

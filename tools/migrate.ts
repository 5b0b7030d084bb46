import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diffSchemas, readMigrations } from '@realtime/kit/database'
import { generateClients } from './generate-clients.mjs'

// tools/migrate.ts create <service> <name> [--empty]   writes the next migration of a service
// tools/migrate.ts check                               fails when a schema has changes without a migration

const services = fileURLToPath(new URL('../services', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

/** Writes services/<service>/prisma/migrations/NNNN_name and returns a line about it. */
async function create(service: string, name: string, empty: boolean): Promise<string> {
  const prisma = join(services, service, 'prisma')
  if (!existsSync(join(prisma, 'schema.prisma'))) throw new Error(`services/${service}/prisma/schema.prisma is missing`)
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error(`${name}: a migration's name has only a-z, 0-9 and _`)
  const schema = await readFile(join(prisma, 'schema.prisma'), 'utf8')
  const migrations = await readMigrations(join(prisma, 'migrations'))
  const sql = await diffSchemas(migrations.at(-1)?.schema ?? null, schema)
  if (sql === '' && !empty) return `${service}: nothing to migrate (--empty writes a migration for SQL of your own)`
  const folder = join(prisma, 'migrations', `${String(migrations.length + 1).padStart(4, '0')}_${name}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'migration.sql'), sql ? `${sql.trimEnd()}\n` : '-- SQL of your own\n')
  await writeFile(join(folder, 'schema.prisma'), schema)
  generateClients({ only: [service], print: () => undefined })
  return `${service}: wrote ${relative(root, folder)}: read migration.sql before you commit it`
}

/** A line for each service whose schema differs from the copy in its last migration. */
async function check(): Promise<string[]> {
  const lines: string[] = []
  for (const service of await readdir(services)) {
    const prisma = join(services, service, 'prisma')
    if (!existsSync(join(prisma, 'schema.prisma'))) continue
    const schema = await readFile(join(prisma, 'schema.prisma'), 'utf8')
    const last = (await readMigrations(join(prisma, 'migrations'))).at(-1)
    if (last?.schema.trim() === schema.trim()) continue
    // Comments and order may change without a migration.
    if (last && (await diffSchemas(last.schema, schema)) === '') continue
    lines.push(`${service}: schema.prisma has changes without a migration: tools/migrate.ts create ${service} <name>`)
  }
  return lines
}

const [command, ...rest] = process.argv.slice(2)
const [service, name] = rest.filter((argument) => !argument.startsWith('--'))
try {
  if (command === 'create' && service && name) {
    console.log(await create(service, name, rest.includes('--empty')))
  } else if (command === 'check') {
    const lines = await check()
    for (const line of lines) console.error(line)
    if (lines.length > 0) process.exitCode = 1
    else console.log('migrations: every schema has its migrations')
  } else {
    console.error('tools/migrate.ts create <service> <name> [--empty] | check')
    process.exitCode = 2
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

// Generates the Prisma client of each service whose schema changed. Plain Node: it runs before anything else does.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const STAMP = '.generated-from'

/**
 * Generates what is stale and returns the names of those services. Throws with Prisma's own words when it refuses.
 * @param {{ only?: string[], print?: (line: string) => void }} [options]
 * @returns {string[]}
 */
export function generateClients({ only, print = console.log } = {}) {
  const prisma = locatePrisma()
  const services = (only ?? readdirSync(join(root, 'services'))).filter((name) => existsSync(schemaOf(name)))
  return services.sort().filter((name) => {
    const output = join(root, 'services', name, 'src/database')
    const stamp = createHash('sha256')
      .update(`${prisma.version}\n`)
      .update(readFileSync(schemaOf(name)))
      .digest('hex')
    if (isFresh(output, stamp)) {
      print(`${name}: Prisma client is up to date`)
      return false
    }
    const started = Date.now()
    const { status, stdout, stderr, error } = spawnSync(
      process.execPath,
      [prisma.cli, 'generate', '--schema', schemaOf(name)],
      {
        cwd: join(root, 'services', name),
        encoding: 'utf8',
        // Generating needs no schema engine, but Prisma downloads one unless it is told of a file.
        env: {
          ...process.env,
          PRISMA_SCHEMA_ENGINE_BINARY: existsSync('/bin/true') ? '/bin/true' : process.execPath,
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
          CHECKPOINT_DISABLE: '1',
          NO_COLOR: '1',
        },
      },
    )
    if (error) throw error
    if (status !== 0) {
      throw new Error(`Prisma cannot generate the client of ${relative(root, schemaOf(name))}:\n${stdout}${stderr}`)
    }
    writeFileSync(join(output, STAMP), `${stamp}\n`)
    print(`${name}: generated its Prisma client (${Date.now() - started} ms)`)
    return true
  })
}

function schemaOf(name) {
  return join(root, 'services', name, 'prisma/schema.prisma')
}

function isFresh(output, stamp) {
  if (!existsSync(join(output, STAMP)) || !existsSync(join(output, 'client.ts'))) return false
  return readFileSync(join(output, STAMP), 'utf8').trim() === stamp
}

function locatePrisma() {
  try {
    const manifest = createRequire(import.meta.url).resolve('prisma/package.json')
    const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8'))
    return { version, cli: join(dirname(manifest), bin.prisma) }
  } catch {
    throw new Error('Prisma is not installed: run `npm start` once, or install the packages with pnpm.')
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    generateClients()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

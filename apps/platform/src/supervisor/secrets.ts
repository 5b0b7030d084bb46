import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What must stay secret: signing and setup, one secret a callee, and the embedded database's password. */
export const secretNames = [
  'AUTH_SECRET',
  'SETUP_TOKEN',
  'AUTH_SERVICE_SECRET',
  'ORGANIZATION_SERVICE_SECRET',
  'DOCUMENT_SERVICE_SECRET',
] as const
const DATABASE_PASSWORD = 'DATABASE_PASSWORD'

export type Secrets = Record<string, string>

/** The secrets cannot be had; the message says why and what to do. */
export class SecretsFailed extends Error {
  override readonly name = 'SecretsFailed'
}

/**
 * The secrets of a platform with its own database: from the environment, else from the file, else made now and written
 * to it (0600).
 * @throws SecretsFailed when the file cannot be read
 */
export function keepSecrets(file: string, env: NodeJS.ProcessEnv): Secrets {
  const kept = readSecrets(file)
  const secrets: Secrets = { ...kept }
  for (const name of [...secretNames, DATABASE_PASSWORD]) secrets[name] ??= randomBytes(32).toString('base64url')
  if (Object.keys(secrets).length > Object.keys(kept).length) writeSecrets(file, secrets)
  else if (process.platform !== 'win32' && statSync(file).mode & 0o077) chmodSync(file, 0o600)
  return { ...secrets, ...given(env) }
}

/**
 * The secrets of a platform with an external database, which several machines may share: all from the environment.
 * @throws SecretsFailed naming those that are missing
 */
export function requireSecrets(env: NodeJS.ProcessEnv, needed: (name: string) => boolean = () => true): Secrets {
  const secrets = given(env)
  const missing = secretNames.filter((name) => needed(name) && !secrets[name])
  if (missing.length === 0) return secrets
  throw new SecretsFailed(
    `With DATABASE_URL the secrets must be given too, the same for every process that shares the database.\n` +
      `Missing: ${missing.join(', ')}. Each can be made by: openssl rand -base64 32`,
  )
}

/** What the file holds; nothing when there is none. @throws SecretsFailed */
export function readSecrets(file: string): Secrets {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null) throw new SyntaxError('not an object')
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => !!entry[1]))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    const reason = error instanceof Error ? error.message : String(error)
    throw new SecretsFailed(
      `${file} cannot be read (${reason}). Restore it from a backup; without it sessions and the database are locked.`,
    )
  }
}

function given(env: NodeJS.ProcessEnv): Secrets {
  const entries = secretNames.map((name) => [name, env[name]] as const)
  return Object.fromEntries(entries.filter((entry): entry is [(typeof secretNames)[number], string] => !!entry[1]))
}

/** Whole or not at all: a half-written file would lock everybody out. */
function writeSecrets(file: string, secrets: Secrets): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(draft, file)
}

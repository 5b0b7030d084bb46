import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { field, readConfig } from '@realtime/kit/config'
import { z } from 'zod'
import { root } from './root.ts'

/** What `npm start` itself reads from the environment; each service's own variables pass through to it. */
export const platformConfig = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address the platform listens on; 0.0.0.0 for the whole network'),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000).describe('The one public port'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'The address people type in; `http://localhost:PORT` unless given. Sets cookies, allowed origins, links and the token issuer',
    ),
  DATA_DIR: z.string().default('.data').describe('Folder of the embedded database, secrets and logs'),
  DATABASE_URL: field
    .databaseUrl()
    .optional()
    .describe('PostgreSQL to use; unset: one of its own, in DATA_DIR. With it the secrets must be given too'),
  SIGN_UP: z
    .enum(['open', 'invitation', 'closed'])
    .optional()
    .describe('Who may create an account; `open` unless given, `invitation` once HOST is not loopback'),
  AI_PYTHON: z
    .string()
    .optional()
    .describe('Python interpreter that has the AI service’s packages, its own unless given; `off` runs without AI'),
})

/** The settings of a supervisor, each decided. */
export interface Settings {
  host: string
  port: number
  publicUrl: string
  /** What to say about the address, for instance that others on the network need another one. */
  advice: string | null
  dataDir: string
  databaseUrl: string | null
  signUp: 'open' | 'invitation' | 'closed'
}

/** @throws ConfigError naming every wrong variable */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const config = readConfig(platformConfig, env)
  const { HOST: host, PORT: port } = config
  const local = isLoopback(host)
  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${port}`
  const lan = `http://${isIP(host) && !isWildcard(host) ? bracketed(host) : lanAddress()}:${port}`
  return {
    host,
    port,
    publicUrl,
    advice:
      local || config.PUBLIC_URL
        ? null
        : `Others reach this machine at ${lan}. Set PUBLIC_URL=${lan}, else only ${publicUrl} can sign in.`,
    dataDir: resolve(root, config.DATA_DIR),
    databaseUrl: config.DATABASE_URL ?? null,
    signUp: config.SIGN_UP ?? (local ? 'open' : 'invitation'),
  }
}

/** Whether an address is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\./.test(host)
}

/** The address by which this machine reaches a server that listens on `host`. */
export function reachable(host: string): string {
  return isWildcard(host) ? '127.0.0.1' : bracketed(host)
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]'
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}

function lanAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return all.find((one) => one.family === 'IPv4' && !one.internal)?.address ?? 'THIS-MACHINE'
}

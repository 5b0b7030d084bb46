import { readFileSync } from 'node:fs'
import type { Secrets } from './secrets.ts'
import { reachable, type Settings } from './settings.ts'

/** The inner ports, chosen once and kept while the supervisor lives. */
export const portNames = [
  'AUTH',
  'AUTH_INTERNAL',
  'ORGANIZATION',
  'ORGANIZATION_INTERNAL',
  'DOCUMENT',
  'DOCUMENT_INTERNAL',
  'COLLABORATION',
  'COLLABORATION_INTERNAL',
  'GATEWAY_INTERNAL',
  'AI',
  'WEB',
] as const
export type Ports = Record<(typeof portNames)[number], number>

/** Where the database is, for services and for migrations. */
export interface DatabaseUrls {
  url: string
  adminUrl: string
  /** For LISTEN, past a pooler. */
  directUrl: string
}

/** Every variable by which the parts find and trust each other. */
export function wire(settings: Settings, ports: Ports, secrets: Secrets, database: DatabaseUrls): Secrets {
  const { DATABASE_PASSWORD: _own, ...shared } = secrets
  const addresses = Object.entries(ports).flatMap(([name, port]) => [
    [`${name}_LISTEN`, `127.0.0.1:${port}`],
    [`${name}_URL`, `http://127.0.0.1:${port}`],
  ])
  return {
    ...Object.fromEntries(addresses),
    ...shared,
    GATEWAY_LISTEN: `${settings.host}:${settings.port}`,
    GATEWAY_URL: `http://${reachable(settings.host)}:${settings.port}`,
    PUBLIC_URL: settings.publicUrl,
    // SIGN_UP itself is passed on only where it is given: then the administrator cannot change it.
    SIGN_UP_DEFAULT: settings.signUp,
    DATABASE_URL: database.url,
    DATABASE_ADMIN_URL: database.adminUrl,
    DATABASE_DIRECT_URL: database.directUrl,
  }
}

/** What every process needs from the system to run at all, and to reach the outside world. */
const BASE = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'SystemRoot',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
]

/** The variables each part reads, generated from their configuration by `npm run generate`. */
export function partVariables(): Record<string, string[]> {
  return JSON.parse(readFileSync(new URL('../variables.json', import.meta.url), 'utf8')) as Record<string, string[]>
}

/** The whole environment of a part: its own variables, as wired or else as given, and the base. */
export function environmentOf(
  variables: string[],
  wired: Record<string, string>,
  env: NodeJS.ProcessEnv,
  own: Record<string, string> = {},
): NodeJS.ProcessEnv {
  const chosen = variables.map((name) => [name, wired[name] ?? env[name]] as const)
  const base = BASE.map((name) => [name, env[name]] as const)
  const known = [...base, ...chosen].filter((entry): entry is readonly [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(known), NODE_ENV: 'production', ...own }
}

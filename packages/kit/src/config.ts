import { z } from 'zod'

/** One problem of the environment: the variable, what is wrong with it, and what it is for. */
export interface ConfigIssue {
  name: string
  message: string
  description: string
}

/** Every missing or wrong variable at once, each with its description. */
export class ConfigError extends Error {
  readonly issues: ConfigIssue[]

  constructor(issues: ConfigIssue[]) {
    const lines = issues.map((issue) => `  ${issue.name}: ${issue.message}\n      ${issue.description}`)
    super(`The configuration is not complete:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
    this.issues = issues
  }
}

/**
 * Reads a service's configuration from the environment; an empty variable counts as unset.
 * @throws ConfigError naming every missing or wrong variable
 */
export function readConfig<T extends z.ZodObject>(schema: T, env: Record<string, string | undefined>): z.output<T> {
  const given = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, env[name] || undefined]))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? '')
      return {
        name,
        message: given[name] === undefined ? 'is not set' : issue.message,
        description: (schema.shape[name] as z.ZodType | undefined)?.description ?? '',
      }
    }),
  )
}

/** A row of the generated configuration reference. */
export interface ConfigRow {
  name: string
  default: string
  description: string
}

/** The variables of a schema, for `docs/configuration.md`. */
export function describeConfig(schema: z.ZodObject): ConfigRow[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const unset = (field as z.ZodType).safeParse(undefined)
    const value = unset.success ? unset.data : undefined
    return {
      name,
      default: !unset.success ? 'required' : value === undefined ? '' : String(value),
      description: (field as z.ZodType).description ?? '',
    }
  })
}

const address = z
  .string()
  .regex(/^.+:\d{1,5}$/, 'must be host:port')
  .refine((value) => parseAddress(value).port <= 65_535, 'must have a port up to 65535')
const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .transform((url) => url.replace(/\/+$/, ''))
const secret = z.string().min(32, 'must have at least 32 characters')
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' })

/** Field makers, so that the same variable has the same words in every service. */
export const field = {
  /** Where a port listens, `host:port`. */
  listen: (name: string) => address.describe(`Address the ${name} service listens on, host:port`),
  internalListen: (name: string) =>
    address.describe(`Address of the ${name} service's internal routes, host:port; never expose it`),
  url: (name: string) => baseUrl.describe(`Where the ${name} service answers public requests`),
  internalUrl: (name: string) => baseUrl.describe(`Where the ${name} service answers other services`),
  serviceSecret: (name: string) =>
    secret.describe(`Shared by the ${name} service and those who call it (≥ 32 characters)`),
  publicUrl: () =>
    baseUrl.describe('The address people type in; sets cookies, allowed origins, links and the token issuer'),
  logLevel: () =>
    z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info')
      .describe('How much is logged'),
  databaseUrl: () => databaseUrl.describe('PostgreSQL for the services'),
  databaseAdminUrl: () =>
    databaseUrl.optional().describe('PostgreSQL for migrations and roles; DATABASE_URL unless given'),
  databaseDirectUrl: () =>
    databaseUrl.optional().describe('PostgreSQL for LISTEN, past any pooler; DATABASE_URL unless given'),
  databasePool: () =>
    z.coerce.number().int().min(1).max(100).default(5).describe('Database connections of each service process'),
  secret: (description: string) => secret.describe(description),
  baseUrl: (description: string) => baseUrl.describe(description),
}

/** The variables of every service with a database. */
export const databaseFields = {
  DATABASE_URL: field.databaseUrl(),
  DATABASE_ADMIN_URL: field.databaseAdminUrl(),
  DATABASE_DIRECT_URL: field.databaseDirectUrl(),
  DATABASE_POOL: field.databasePool(),
}

/** Splits `host:port`. */
export function parseAddress(value: string): { host: string; port: number } {
  const at = value.lastIndexOf(':')
  return { host: value.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(value.slice(at + 1)) }
}

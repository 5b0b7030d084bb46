import { randomBytes } from 'node:crypto'
import { type Running, readConfig } from '@realtime/kit'
import { type FreshSchema, freshSchema } from '@realtime/kit/database'
import { type ServiceName, serviceNames, services } from './services.ts'
import { choosePorts } from './supervisor/ports.ts'
import { portNames } from './supervisor/wiring.ts'

/** The services of the platform, running in a test's own process, each in a schema of its own. */
export interface TestPlatform {
  /** What people type in: the gateway. */
  publicUrl: string
  /** Where each service answers, for public and for internal requests. */
  urls: Record<ServiceName, { url: string; internalUrl: string | null }>
  /** The environment of all of them, secrets and addresses included. */
  env: Record<string, string>
  schemas: Record<string, FreshSchema>
  /** Stops one service, as its end would. */
  stopService(name: ServiceName): Promise<void>
  /** Starts a stopped service at the same address on the same data. */
  startService(name: ServiceName): Promise<void>
  /** Stops all in reverse order and drops their schemas. */
  stop(): Promise<void>
}

const withSchema = ['auth', 'organization', 'document']

/**
 * Boots auth, organization, document, collaboration and gateway on free ports. The database is `databaseUrl`, else
 * `TEST_DATABASE_URL`; `env` overrides any variable. There is no web app behind the gateway and no AI.
 */
export async function startPlatform(
  options: { databaseUrl?: string; env?: Record<string, string> } = {},
): Promise<TestPlatform> {
  if (options.databaseUrl) process.env.TEST_DATABASE_URL = options.databaseUrl
  const env = await testEnvironment({ LOG_LEVEL: 'silent', ...options.env })
  const schemas = Object.fromEntries(withSchema.map((name) => [name, freshSchema(name)]))
  const running = new Map<ServiceName, Running>()
  const startService = async (name: ServiceName) => {
    const { config, start } = await services[name]()
    running.set(name, await start({ ...readConfig(config, { ...schemas[name]?.config, ...env }), ...schemaOf(name) }))
  }
  const schemaOf = (name: string) => (schemas[name] ? { DATABASE_SCHEMA: schemas[name].schema } : {})
  const stopService = async (name: ServiceName) => {
    await running.get(name)?.stop()
    running.delete(name)
  }
  const stop = async () => {
    for (const name of [...serviceNames].reverse()) await stopService(name)
    await Promise.all(Object.values(schemas).map((schema) => schema.drop()))
  }
  try {
    for (const name of serviceNames) await startService(name)
  } catch (error) {
    await stop()
    throw error
  }
  const urls = Object.fromEntries([...running].map(([name, { url, internalUrl }]) => [name, { url, internalUrl }]))
  return {
    publicUrl: env.PUBLIC_URL ?? '',
    urls: urls as TestPlatform['urls'],
    env,
    schemas,
    stopService,
    startService,
    stop,
  }
}

/** The environment of every part of one platform: free ports, and secrets of its own; `given` overrides any of it. */
export async function testEnvironment(given: Record<string, string>): Promise<Record<string, string>> {
  const ports = await choosePorts([...portNames, 'GATEWAY'] as const)
  const addresses = Object.entries(ports).flatMap(([name, port]) => [
    [`${name}_LISTEN`, `127.0.0.1:${port}`],
    [`${name}_URL`, `http://127.0.0.1:${port}`],
  ])
  const secret = () => randomBytes(32).toString('base64url')
  return {
    ...(Object.fromEntries(addresses) as Record<string, string>),
    PUBLIC_URL: `http://127.0.0.1:${ports.GATEWAY}`,
    SIGN_UP: 'open',
    AUTH_SECRET: secret(),
    SETUP_TOKEN: secret(),
    AUTH_SERVICE_SECRET: secret(),
    ORGANIZATION_SERVICE_SECRET: secret(),
    DOCUMENT_SERVICE_SECRET: secret(),
    ...given,
  }
}

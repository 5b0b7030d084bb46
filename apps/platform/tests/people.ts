import {
  openBrowser,
  setUpServer,
  signUpPerson,
  startAuth,
  type TestAuth,
  type TestBrowser,
} from '@realtime/auth/testing'
import { authApi, type Caller, type User } from '@realtime/contracts'
import type { DocumentConfig } from '@realtime/document'
import { type Running, serviceCaller } from '@realtime/kit'
import { type FreshSchema, freshSchema } from '@realtime/kit/database'
import { bearer } from '@realtime/kit/testing'
import { type OrganizationConfig, start } from '@realtime/organization'

/** Auth and organization beside each other, with people in them. */
export interface TestPeople {
  auth: TestAuth
  organization: Running
  config: OrganizationConfig
  database: FreshSchema
  /** How another service calls organization. */
  internal: Caller
  /** A person with an account, and how they call organization. */
  person(name: string): Promise<TestPerson>
  stop(): Promise<void>
}

export interface TestPerson {
  user: User
  browser: TestBrowser
  caller: Caller
}

const SECRET = 'a service secret of organization for tests'

/**
 * Starts both services on free ports and schemas of their own, with the administrator created; `more` is organization's
 * configuration beyond the usual, and `ofAuth` auth's.
 */
export async function startPeople(
  signUp: 'open' | 'invitation' = 'open',
  more: Partial<OrganizationConfig> = {},
  ofAuth: Parameters<typeof startAuth>[0] = {},
): Promise<TestPeople> {
  const auth = await startAuth({ SIGN_UP: signUp, ...ofAuth })
  await setUpServer(openBrowser(auth))
  const database = freshSchema('organization')
  const config: OrganizationConfig = {
    ORGANIZATION_LISTEN: '127.0.0.1:0',
    ORGANIZATION_INTERNAL_LISTEN: '127.0.0.1:0',
    PUBLIC_URL: auth.config.PUBLIC_URL,
    LOG_LEVEL: 'silent',
    ORGANIZATION_SERVICE_SECRET: SECRET,
    AUTH_URL: auth.running.url,
    AUTH_INTERNAL_URL: auth.running.internalUrl ?? '',
    AUTH_SERVICE_SECRET: auth.config.AUTH_SERVICE_SECRET,
    DATABASE_POOL: 5,
    STRIPE_API_URL: 'https://api.stripe.com',
    BILLING_RECONCILE_SECONDS: 900,
    ORGANIZATION_UPKEEP_SECONDS: 1,
    ...database.config,
    ...more,
  }
  const organization = await start(config)
  return {
    auth,
    organization,
    config,
    database,
    internal: serviceCaller({
      from: 'document',
      to: 'organization',
      url: organization.internalUrl ?? '',
      secret: SECRET,
      timeoutMs: 20_000,
    }),
    async person(name) {
      const browser = openBrowser(auth)
      const user = await signUpPerson(browser, name)
      return personIn(browser, user, organization.url)
    },
    async stop() {
      await organization.stop()
      await database.drop()
      await auth.stop()
    },
  }
}

/** A person who is signed in in a browser. */
export async function personIn(browser: TestBrowser, user: User, url: string): Promise<TestPerson> {
  const { token } = await browser.ask(authApi.token, {})
  return { user, browser, caller: bearer(url, token) }
}

/** The secret of a document service beside these people. */
export const DOCUMENT_SECRET = 'a service secret of document for tests'

/** The configuration of a document service on free ports, beside these people. */
export function documentConfigOf(people: TestPeople, database: FreshSchema): DocumentConfig {
  return {
    DOCUMENT_LISTEN: '127.0.0.1:0',
    DOCUMENT_INTERNAL_LISTEN: '127.0.0.1:0',
    DOCUMENT_SERVICE_SECRET: DOCUMENT_SECRET,
    PUBLIC_URL: people.auth.config.PUBLIC_URL,
    LOG_LEVEL: 'silent',
    AUTH_URL: people.auth.running.url,
    AUTH_INTERNAL_URL: people.auth.running.internalUrl ?? '',
    AUTH_SERVICE_SECRET: people.auth.config.AUTH_SERVICE_SECRET,
    ORGANIZATION_INTERNAL_URL: people.organization.internalUrl ?? '',
    ORGANIZATION_SERVICE_SECRET: people.config.ORGANIZATION_SERVICE_SECRET,
    DATABASE_POOL: 5,
    ...database.config,
  }
}

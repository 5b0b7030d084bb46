import {
  type AnyEndpoint,
  authApi,
  type InputOf,
  type OutputOf,
  pathOf,
  readProblem,
  type User,
} from '@realtime/contracts'
import type { Running } from '@realtime/kit'
import { type FreshSchema, freshSchema } from '@realtime/kit/database'
import { eventually } from '@realtime/kit/testing'
import type { AuthConfig } from './config.ts'
import { start } from './index.ts'

export const SETUP_TOKEN = 'a-setup-token-for-tests-only'
export const PASSWORD = 'correct horse battery'

/** An auth service of a test's own. */
export interface TestAuth {
  running: Running
  config: AuthConfig
  database: FreshSchema
  stop(): Promise<void>
}

/** Starts auth on free ports and a schema of its own. */
export async function startAuth(overrides: Partial<AuthConfig> = {}): Promise<TestAuth> {
  const database = freshSchema('auth')
  const config: AuthConfig = {
    AUTH_LISTEN: '127.0.0.1:0',
    AUTH_INTERNAL_LISTEN: '127.0.0.1:0',
    PUBLIC_URL: 'http://localhost:3000',
    LOG_LEVEL: 'silent',
    AUTH_SERVICE_SECRET: 'a service secret of auth for tests',
    AUTH_SECRET: 'a secret of auth for tests, long enough',
    SIGN_UP: 'open',
    SIGN_UP_DEFAULT: 'open',
    OIDC_NAME: 'Single sign-on',
    GITHUB_URL: 'https://github.com',
    SETUP_TOKEN,
    DATABASE_POOL: 5,
    ...database.config,
    ...overrides,
  }
  const running = await start(config)
  return {
    running,
    config,
    database,
    async stop() {
      await running.stop()
      await database.drop()
    },
  }
}

/** What a browser does: keeps cookies, and names its origin with what it sends. */
export interface TestBrowser {
  /** Calls an endpoint. @throws Problem */
  ask<E extends AnyEndpoint>(endpoint: E, input: InputOf<E>): Promise<OutputOf<E>>
  /** The same with nothing read or thrown. */
  send(endpoint: AnyEndpoint, input: object, headers?: Record<string, string>): Promise<Response>
  /** Cookie name → value. */
  cookies: Map<string, string>
  /** The Set-Cookie headers of the last answer. */
  lastSetCookie: string[]
}

/** Opens a browser at `address` without cookies. */
export function openBrowser({ running, config }: TestAuth, address = '192.0.2.1'): TestBrowser {
  const cookies = new Map<string, string>()
  const browser: TestBrowser = {
    cookies,
    lastSetCookie: [],
    async send(endpoint, input, headers = {}) {
      const { body } = input as { body?: unknown }
      const response = await fetch(running.url + pathOf(endpoint, input), {
        method: endpoint.method,
        headers: {
          'x-forwarded-for': address,
          'user-agent': 'Test browser',
          origin: new URL(config.PUBLIC_URL).origin,
          ...(cookies.size > 0 ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
        redirect: 'manual',
      })
      browser.lastSetCookie = response.headers.getSetCookie()
      for (const line of browser.lastSetCookie) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (!name) continue
        if (value && !/max-age=0/i.test(line)) cookies.set(name, value)
        else cookies.delete(name)
      }
      return response
    },
    async ask(endpoint, input) {
      const response = await browser.send(endpoint, input)
      if (!response.ok) throw await readProblem(response, 'auth')
      return (endpoint.response === 'empty' ? undefined : await response.json()) as OutputOf<typeof endpoint>
    },
  }
  return browser
}

/** Creates the instance administrator in a browser. */
export async function setUpServer(browser: TestBrowser, email = 'admin@example.com'): Promise<User> {
  const body = { token: SETUP_TOKEN, name: 'Ada Admin', email, password: PASSWORD }
  return (await browser.ask(authApi.setUp, { body })).user
}

/** Creates an account in a browser. */
export async function signUpPerson(browser: TestBrowser, name: string, invitation?: string): Promise<User> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`
  const { user } = await browser.ask(authApi.signUp, { body: { name, email, password: PASSWORD, invitation } })
  if (!user) throw new Error('this server sends mails: whoever signs up has to follow one')
  return user
}

/** The text of the newest mail to an address in the outbox with this subject, as soon as it is there. */
export function keptMail({ database }: TestAuth, to: string, subject: string): Promise<string> {
  return eventually(async () => {
    const query = 'SELECT text FROM mails WHERE "to" = $1 AND subject = $2 ORDER BY id DESC LIMIT 1'
    const [mail] = await database.sql(query, [to, subject])
    if (!mail) throw new Error(`no mail “${subject}” to ${to} is there`)
    return String(mail.text)
  })
}

/** The token of the link of such a mail. */
export async function keptToken(auth: TestAuth, to: string, subject: string): Promise<string> {
  const text = await keptMail(auth, to, subject)
  return /^http\S*\/([A-Za-z0-9_-]{43})(\?\S*)?$/m.exec(text)?.[1] ?? `no link in: ${text}`
}

export { type Claims, type OpenIdProvider, startOpenIdProvider } from './providers/openid-provider.ts'

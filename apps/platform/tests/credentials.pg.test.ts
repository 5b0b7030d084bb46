import { type OpenIdProvider, startOpenIdProvider } from '@realtime/auth/testing'
import {
  type AnyEndpoint,
  administrationApi,
  authApi,
  type Caller,
  call,
  documentApi,
  type InputOf,
  keyApi,
  type OutputOf,
  organizationApi,
  pathOf,
  readProblem,
  securityApi,
  type User,
} from '@realtime/contracts'
import { bearer, eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

// Keys, providers and suspended accounts as they are in the whole platform: through the gateway, at every service.

let provider: OpenIdProvider
let platform: TestPlatform
let ada: Browser
beforeAll(async () => {
  provider = await startOpenIdProvider()
  const { issuer, clientId, clientSecret } = provider
  platform = await startPlatform({
    env: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret },
  })
  ada = browser()
  const body = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }
  await ada.ask(authApi.setUp, { body: { token: platform.env.SETUP_TOKEN ?? '', ...body } })
})
afterAll(async () => {
  await platform?.stop()
  await provider?.stop()
})

const problem = (key: string) => expect.objectContaining({ key })

interface Browser {
  /** The session cookie and the others, name → value. */
  cookies: Map<string, string>
  send(method: string, path: string, body?: unknown): Promise<Response>
  ask<E extends AnyEndpoint>(endpoint: E, input: InputOf<E>): Promise<OutputOf<E>>
  /** How its pages call the other services. */
  caller(): Promise<Caller>
}

/** A browser before the gateway. */
function browser(): Browser {
  const cookies = new Map<string, string>()
  const self: Browser = {
    cookies,
    async send(method, path, body) {
      const answer = await fetch(platform.publicUrl + path, {
        method,
        redirect: 'manual',
        headers: {
          origin: platform.publicUrl,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value && !/max-age=0/i.test(line)) cookies.set(name, value)
        else cookies.delete(name)
      }
      return answer
    },
    async ask(endpoint, input) {
      const answer = await self.send(endpoint.method, pathOf(endpoint, input), (input as { body?: unknown }).body)
      if (!answer.ok) throw await readProblem(answer, 'gateway')
      return (endpoint.response === 'empty' ? undefined : await answer.json()) as OutputOf<typeof endpoint>
    },
    caller: async () => bearer(platform.publicUrl, (await self.ask(authApi.token, {})).token),
  }
  return self
}

/** Somebody who comes by the provider. */
async function byProvider(name: string): Promise<{ page: Browser; user: User; location: string | null }> {
  const page = browser()
  const { url } = await page.ask(securityApi.beginProvider, { body: { provider: 'oidc', to: '/welcome' } })
  const email = `${name.toLowerCase()}@example.org`
  const back = provider.agree(url, { sub: name, name, email, email_verified: true })
  expect(back.origin + back.pathname).toBe(`${platform.publicUrl}/auth/callback/oidc`)
  const answer = await page.send('GET', back.pathname + back.search)
  const location = answer.headers.get('location')
  return { page, location, user: (await page.ask(authApi.session, {})).user }
}

test('somebody comes in by a provider, through the gateway, and is known everywhere', async () => {
  const { page, user, location } = await byProvider('Grace')
  expect(location).toBe('/welcome')
  expect(user).toMatchObject({ name: 'Grace', email: 'grace@example.org', emailVerified: true })
  const { name } = await call(await page.caller(), organizationApi.create, { body: { name: 'Grace & Co' } })
  expect(name).toBe('Grace & Co')
})

test('an API key does what its scopes say, at each service, until it is deleted', async () => {
  const caller = await ada.caller()
  const { id: organization } = await call(caller, organizationApi.create, { body: { name: 'Keys' } })
  const project = await call(caller, documentApi.createProject, {
    body: { organizationId: organization, name: 'Plans' },
  })
  const { key, id } = await ada.ask(keyApi.createKey, {
    body: { name: 'Reader', scopes: ['documents:read'], expiresInDays: null },
  })
  const { token } = await call(bearer(platform.publicUrl, key), keyApi.exchangeKey, {})
  const program = bearer(platform.publicUrl, token)
  const read = () => call(program, documentApi.projects, { query: { organization } })
  expect((await read()).projects.map((one) => one.id)).toContain(project.id)
  const more = { organizationId: organization, name: 'More' }
  await expect(call(program, documentApi.createProject, { body: more })).rejects.toEqual(problem('forbidden'))
  await expect(call(program, organizationApi.create, { body: { name: 'Mine' } })).rejects.toEqual(problem('forbidden'))
  // The key itself opens nothing but the exchange.
  await expect(
    call(bearer(platform.publicUrl, key), documentApi.projects, { query: { organization } }),
  ).rejects.toEqual(problem('unauthenticated'))

  await ada.ask(keyApi.deleteKey, { params: { id } })
  await eventually(() => expect(read()).rejects.toEqual(problem('unauthenticated')), 1_000)
  await expect(call(bearer(platform.publicUrl, key), keyApi.exchangeKey, {})).rejects.toEqual(
    problem('unauthenticated'),
  )
})

test('who is suspended is refused by each service within a second', async () => {
  const { page, user } = await byProvider('Mallory')
  const caller = await page.caller()
  const { id: organization } = await call(caller, organizationApi.create, { body: { name: 'Mischief' } })
  const asks = [
    () => call(caller, organizationApi.list, {}),
    () => call(caller, documentApi.projects, { query: { organization } }),
  ]
  for (const ask of asks) await ask()
  await ada.ask(administrationApi.updateAccount, { params: { id: user.id }, body: { suspended: true } })
  const until = performance.now() + 1_000
  for (const ask of asks) {
    await eventually(() => expect(ask()).rejects.toEqual(problem('unauthenticated')), until - performance.now())
  }
  await expect(page.ask(authApi.token, {})).rejects.toEqual(problem('unauthenticated'))
})

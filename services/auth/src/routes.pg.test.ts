import { type AnyEndpoint, administrationApi, authApi, authInternal, keyApi, securityApi } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, setUpServer, signUpPerson, startAuth, type TestAuth, type TestBrowser } from './testing.ts'

let auth: TestAuth
let person: TestBrowser
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
  person = openBrowser(auth)
  await signUpPerson(person, 'Somebody')
})
afterAll(() => auth.stop())

const all = Object.entries<AnyEndpoint>({ ...authApi, ...securityApi, ...keyApi, ...administrationApi })
const params = { id: 'some-id', provider: 'some-provider' }
const outcome = async (response: Response) => [response.status, ((await response.json()) as { type: string }).type]

describe('every change', () => {
  it.each(all.filter(([, { method }]) => method !== 'GET'))(
    '%s is refused to the pages of others',
    async (_, endpoint) => {
      for (const origin of ['https://evil.example', 'null']) {
        const response = await person.send(endpoint, { params, body: {} }, { origin })
        expect(await outcome(response)).toEqual([403, '/problems/origin-refused'])
      }
      expect((await person.send(authApi.session, {})).status).toBe(200)
    },
  )
})

describe('without a session', () => {
  const needed = all.filter(([, { access, body }]) => access === 'session' && body === undefined)
  it.each(needed)('%s answers 401', async (_, endpoint) => {
    const response = await openBrowser(auth).send(endpoint, { params })
    expect(await outcome(response)).toEqual([401, '/problems/unauthenticated'])
  })

  const written = all.filter(([, { access, body }]) => access === 'session' && body !== undefined)
  it.each(written)('%s does nothing', async (_, endpoint) => {
    const { status } = await openBrowser(auth).send(endpoint, { params, body: {} })
    expect([400, 401]).toContain(status)
  })
})

it.each(Object.entries<AnyEndpoint>(authInternal))('%s is not for the public', async (_, endpoint) => {
  const response = await person.send(endpoint, { params: { hash: 'a'.repeat(64) } })
  expect(await outcome(response)).toEqual([404, '/problems/not-found'])
})

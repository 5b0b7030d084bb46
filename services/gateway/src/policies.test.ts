import { healthApi, problemJson } from '@realtime/contracts'
import { readConfig } from '@realtime/kit'
import { afterEach, describe, expect, test } from 'vitest'
import { networkOf } from './addresses.ts'
import { gatewayConfig } from './config.ts'
import { startGateway, startOutside } from './testing.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A gateway before one part that answers for all. */
async function standing(env: Record<string, string> = {}) {
  const part = await startOutside('any', (request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-credentials', 'true')
    response.setHeader('vary', 'Authorization')
    if (request.url === '/page') response.setHeader('content-security-policy', "default-src 'self'")
    response.end('ok')
  })
  const { url } = part
  const gateway = await startGateway({ AUTH_URL: url, DOCUMENT_URL: url, WEB_URL: url, ...env })
  stops.push(part.stop, gateway.stop)
  return gateway
}

const tokenOf = (sub: string) =>
  `Bearer ${Buffer.from('{}').toString('base64url')}.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.x`

describe('CORS', () => {
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' },
  })

  test('a preflight of an allowed origin is answered by the gateway, without credentials', async () => {
    const gateway = await standing({ ALLOWED_ORIGINS: 'https://a.test, https://b.test' })
    for (const origin of ['https://a.test', 'https://b.test', 'http://collab.test:3000']) {
      const response = await fetch(`${gateway.url}/documents/1`, preflight(origin))
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      expect(response.headers.get('access-control-allow-methods')).toContain('PATCH')
      expect(response.headers.get('access-control-allow-headers')).toContain('if-none-match')
      expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    }
  })

  test('a preflight of another origin is refused', async () => {
    const gateway = await standing()
    const response = await fetch(`${gateway.url}/documents/1`, preflight('https://evil.test'))
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(problemJson.parse(await response.json()).type).toBe('/problems/origin-refused')
  })

  test("a part's own CORS headers are replaced by the policy, and its Vary is kept", async () => {
    const gateway = await standing({ ALLOWED_ORIGINS: 'https://a.test' })
    for (const [origin, allowed] of [
      ['https://a.test', 'https://a.test'],
      ['https://evil.test', null],
    ] as const) {
      const { headers } = await fetch(`${gateway.url}/documents`, { headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBe(allowed)
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(headers.get('vary')).toBe('Authorization, Origin')
      if (allowed) expect(headers.get('access-control-expose-headers')).toContain('x-document-epoch')
    }
  })
})

describe('security headers', () => {
  test('are on every answer; a page keeps its own content security policy', async () => {
    const gateway = await standing()
    for (const path of ['/page', '/documents', '/health', '/nowhere']) {
      const { headers } = await fetch(gateway.url + path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(headers.get('strict-transport-security')).toBeNull()
      expect(headers.get('content-security-policy')).toBe(path === '/page' ? "default-src 'self'" : null)
    }
  })

  test('promise https only where it is', async () => {
    const gateway = await standing({ PUBLIC_URL: 'https://collab.test' })
    const { headers } = await fetch(gateway.url)
    expect(headers.get('strict-transport-security')).toContain('max-age=')
  })
})

describe('limits', () => {
  const statuses = async (count: number, ask: () => Promise<Response>) => {
    const all: number[] = []
    for (let index = 0; index < count; index++) all.push((await ask()).status)
    return all
  }

  test('a person is limited, with Retry-After; another at the same address is not', async () => {
    const gateway = await standing({ RATE_LIMIT_ACTOR: '3' })
    const as = (sub: string) => () => fetch(`${gateway.url}/documents`, { headers: { authorization: tokenOf(sub) } })
    expect(await statuses(4, as('ann'))).toEqual([200, 200, 200, 429])
    const refused = await as('ann')()
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ type: '/problems/rate-limited' })
    expect(await statuses(2, as('ben'))).toEqual([200, 200])
    expect((await fetch(`${gateway.url}/documents`)).status).toBe(200)
  })

  test('a subject forged elsewhere locks nobody out, and inventing subjects ends at the ceiling of the address', async () => {
    const gateway = await standing({
      RATE_LIMIT_ACTOR: '2',
      RATE_LIMIT_ADDRESS: '6',
      TRUSTED_PROXIES: '127.0.0.1',
    })
    const at = (address: string, sub: string) => () =>
      fetch(`${gateway.url}/documents`, { headers: { authorization: tokenOf(sub), 'x-forwarded-for': address } })
    expect(await statuses(3, at('1.1.1.1', 'ann'))).toEqual([200, 200, 429])
    expect(await statuses(2, at('2.2.2.2', 'ann'))).toEqual([200, 200])
    let count = 0
    expect(await statuses(7, () => at('3.3.3.3', `invented-${count++}`)())).toEqual([...Array(6).fill(200), 429])
  })

  test('anonymous traffic is limited by address; static files are not; 0 is off', async () => {
    const gateway = await standing({ RATE_LIMIT_ANONYMOUS: '2' })
    expect(await statuses(3, () => fetch(`${gateway.url}/page`))).toEqual([200, 200, 429])
    expect(await statuses(5, () => fetch(`${gateway.url}/_next/static/a.js`))).toEqual(Array(5).fill(200))
    const off = await standing({ RATE_LIMIT_ANONYMOUS: '0', RATE_LIMIT_ADDRESS: '0' })
    expect(await statuses(5, () => fetch(`${off.url}/page`))).toEqual(Array(5).fill(200))
  })

  test('POST to /auth is limited more strictly, and nothing else with it', async () => {
    const gateway = await standing({ RATE_LIMIT_AUTH: '2' })
    const post = () => fetch(`${gateway.url}/auth/sign-in`, { method: 'POST' })
    expect(await statuses(3, post)).toEqual([200, 200, 429])
    expect((await fetch(`${gateway.url}/auth/status`)).status).toBe(200)
    expect((await fetch(`${gateway.url}/documents`, { method: 'POST' })).status).toBe(200)
  })

  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:0001::6', '2001:db8:1:0'],
    ['::1', '0:0:0:0'],
  ])('%s is counted as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('configuration', () => {
  const wrong = (name: string, value: string) => () => readConfig(gatewayConfig, { [name]: value })
  test.each([
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.local'],
    ['ALLOWED_ORIGINS', 'https://a.test/path'],
    ['ALLOWED_ORIGINS', '*'],
    ['RATE_LIMIT_ACTOR', 'many'],
    ['GATEWAY_LISTEN', '3000'],
  ])('%s=%s is named', (name, value) => {
    expect(wrong(name, value)).toThrow(new RegExp(`${name}: must|${name}: Invalid`))
  })
})

test('the health answer is what the contract says', async () => {
  const gateway = await standing()
  const answer = await (await fetch(`${gateway.url}/health`)).json()
  expect(healthApi.gateway.response.safeParse(answer).success).toBe(true)
})

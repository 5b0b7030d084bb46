import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { startGateway, startOutside } from './testing.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const outside: typeof startOutside = async (...args) => {
  const made = await startOutside(...args)
  stops.push(made.stop)
  return made
}
const started: typeof startGateway = async (env) => {
  const made = await startGateway(env)
  stops.push(made.stop)
  return made
}

describe('headers', () => {
  const lies = {
    'x-forwarded-for': '6.6.6.6, 7.7.7.7',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '1',
    'x-real-ip': '6.6.6.6',
    forwarded: 'for=6.6.6.6',
  }

  test('what a client says about itself is not believed', async () => {
    const part = await outside('document')
    const gateway = await started({ DOCUMENT_URL: part.url })
    const { headers } = await (await fetch(`${gateway.url}/documents`, { headers: lies })).json()
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'collab.test:3000',
    })
    for (const name of ['x-real-ip', 'forwarded', 'x-forwarded-port']) expect(headers).not.toHaveProperty(name)
  })

  test('a trusted proxy is asked for the last hop that is not trusted itself', async () => {
    const part = await outside('document')
    const gateway = await started({ DOCUMENT_URL: part.url, TRUSTED_PROXIES: '127.0.0.1, 7.7.0.0/16' })
    const { headers } = await (await fetch(`${gateway.url}/documents`, { headers: lies })).json()
    expect(headers).toMatchObject({ 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'collab.test:3000' })
    expect(headers).not.toHaveProperty('forwarded')
  })

  test('hop-by-hop headers and those that Connection names stay behind', async () => {
    const part = await outside('document', (_request, response) => {
      response.writeHead(200, { connection: 'x-hop', 'x-hop': '1', 'proxy-authenticate': 'Basic' })
      response.end(JSON.stringify(_request.headers))
    })
    const gateway = await started({ DOCUMENT_URL: part.url })
    const answer = await new Promise<{ head: Record<string, unknown>; body: string }>((resolve, reject) => {
      const headers = {
        connection: 'x-secret, authorization',
        'x-secret': '1',
        te: 'trailers',
        authorization: 'Bearer a',
      }
      httpRequest(`${gateway.url}/documents`, { headers }, async (response) => {
        let body = ''
        for await (const chunk of response) body += chunk
        resolve({ head: response.headers, body })
      })
        .on('error', reject)
        .end()
    })
    const sent = JSON.parse(answer.body)
    expect(sent).not.toHaveProperty('x-secret')
    expect(sent).not.toHaveProperty('te')
    expect(sent.authorization).toBe('Bearer a')
    expect(answer.head).not.toHaveProperty('x-hop')
    expect(answer.head).not.toHaveProperty('proxy-authenticate')
  })

  test('cookies reach auth and web only', async () => {
    const part = await outside('any', (request, response) => {
      response.setHeader('set-cookie', 'a=1')
      response.end(request.headers.cookie ?? 'none')
    })
    const { url } = part
    const gateway = await started({
      AUTH_URL: url,
      WEB_URL: url,
      DOCUMENT_URL: url,
      ORGANIZATION_URL: url,
      AI_URL: url,
    })
    const seen: Record<string, string[]> = {}
    for (const path of ['/auth/session', '/', '/documents', '/orgs', '/ai/status']) {
      const response = await fetch(gateway.url + path, { headers: { cookie: 'session=1' } })
      seen[path] = [await response.text(), String(response.headers.get('set-cookie'))]
    }
    expect(seen).toEqual({
      '/auth/session': ['session=1', 'a=1'],
      '/': ['session=1', 'a=1'],
      '/documents': ['none', 'null'],
      '/orgs': ['none', 'null'],
      '/ai/status': ['none', 'null'],
    })
  })

  test('a well-formed request id goes through, another is replaced', async () => {
    const part = await outside('document')
    const gateway = await started({ DOCUMENT_URL: part.url })
    for (const [given, kept] of [
      ['abcdefgh-1234', true],
      ['no good!', false],
    ] as const) {
      const response = await fetch(`${gateway.url}/documents`, { headers: { 'x-request-id': given } })
      const id = response.headers.get('x-request-id')
      expect(id === given).toBe(kept)
      expect((await response.json()).headers['x-request-id']).toBe(id)
    }
  })
})

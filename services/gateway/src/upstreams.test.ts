import type { Running } from '@realtime/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Outside, rawGet, startGateway, startOutside } from './testing.ts'

const names = ['auth', 'organization', 'document', 'collaboration', 'ai', 'web'] as const
const parts: Outside[] = []
let gateway: Running
beforeAll(async () => {
  const env: Record<string, string> = {}
  for (const name of names) {
    const part = await startOutside(name)
    parts.push(part)
    env[`${name.toUpperCase()}_URL`] = part.url
  }
  gateway = await startGateway(env)
})
afterAll(async () => {
  await gateway.stop()
  for (const part of parts) await part.stop()
})

test.each([
  ['/auth', 'auth'],
  ['/auth/token', 'auth'],
  ['/auth?x=1', 'auth'],
  ['/orgs/1', 'organization'],
  ['/billing', 'organization'],
  ['/projects', 'document'],
  ['/documents/1/state', 'document'],
  ['/socket.io/?EIO=4', 'collaboration'],
  ['/ai/generate', 'ai'],
  ['/', 'web'],
  ['/authx', 'web'],
  ['/aid', 'web'],
  ['/AUTH/token', 'web'],
  ['/socketxio', 'web'],
  ['/healthz', 'web'],
  ['/internal/changes', 'web'],
  ['/metrics', 'web'],
  ['/ready', 'web'],
])('%s is answered by %s', async (path, name) => {
  const answer = await rawGet(gateway.url, path)
  expect(JSON.parse(answer.body)).toMatchObject({ name, url: path })
})

test("the gateway's own readiness and metrics are on its internal port", async () => {
  expect(await (await fetch(`${gateway.internalUrl}/ready`)).json()).toEqual({ status: 'ready' })
  expect(await (await fetch(`${gateway.internalUrl}/metrics`)).text()).toContain('route="/documents/*"')
})

test('health tells the state and latency of each part', async () => {
  const health = await (await fetch(`${gateway.url}/health`)).json()
  expect(health.status).toBe('ok')
  expect(health.upstreams.map(({ name }: { name: string }) => name)).toEqual(names)
  for (const part of health.upstreams) {
    expect(part).toMatchObject({ state: 'up', detail: null, latencyMs: expect.any(Number) })
  }
  expect((await fetch(`${gateway.url}/health`, { method: 'POST' })).status).toBe(405)
})

test('health is degraded, and in time, when a part is down, fails, or does not answer', async () => {
  const silent = await startOutside('silent', () => undefined)
  const failing = await startOutside('failing', (_request, response) => void response.writeHead(500).end())
  const web = await startOutside('web', (_request, response) => void response.writeHead(404).end())
  const other = await startGateway({ AUTH_URL: silent.url, ORGANIZATION_URL: failing.url, WEB_URL: web.url })
  const began = performance.now()
  const response = await fetch(`${other.url}/health`)
  expect(performance.now() - began).toBeLessThan(2_500)
  expect(response.status).toBe(200)
  const health = await response.json()
  expect(health.status).toBe('degraded')
  const detail = Object.fromEntries(
    health.upstreams.map((part: { name: string; detail: string }) => [part.name, part.detail]),
  )
  expect(detail).toMatchObject({
    auth: 'did not answer within 1500 ms',
    organization: 'answered 500',
    document: 'cannot be reached',
    web: null,
  })
  expect(detail.ai).toContain('Python 3.10')
  await other.stop()
  for (const part of [silent, failing, web]) await part.stop()
})

test('an AI service that is not set up is answered with how to set it up', async () => {
  const other = await startGateway({})
  const response = await fetch(`${other.url}/ai/generate`, { method: 'POST', body: '{}' })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    type: '/problems/ai-unavailable',
    detail: expect.stringContaining('Python 3.10'),
    instance: response.headers.get('x-request-id'),
  })
  await other.stop()
})

import { request as httpRequest } from 'node:http'
import { eventually } from '@realtime/kit/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { rawGet, startGateway, startOutside } from './testing.ts'

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

describe('bodies', () => {
  test('an event arrives before the next is sent, and going away is seen upstream within a second', async () => {
    let next = (): void => undefined
    let closedAt = 0
    const part = await outside('document', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      let count = 0
      next = () => void response.write(`data: ${++count}\n\n`)
      response.once('close', () => {
        closedAt = performance.now()
      })
    })
    const gateway = await started({ DOCUMENT_URL: part.url, UPSTREAM_TIMEOUT_MS: '100' })
    const leaving = new AbortController()
    // Resolves on the headers alone: nothing has been written yet.
    const response = await fetch(`${gateway.url}/documents/events`, { signal: leaving.signal })
    const reader = response.body?.getReader()
    const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString()
    for (const expected of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
      next()
      expect(await read()).toBe(expected)
    }
    const left = performance.now()
    leaving.abort()
    await eventually(() => closedAt > 0)
    expect(closedAt - left).toBeLessThan(1_000)
  })

  test('uploads stream: the part has the first bytes before the last are sent, and slowness is no silence', async () => {
    let received = 0
    const part = await outside('document', (request, response) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length
      })
      request.on('end', () => response.end(String(received)))
    })
    const gateway = await started({ DOCUMENT_URL: part.url, UPSTREAM_TIMEOUT_MS: '300' })
    const chunk = Buffer.alloc(1024 * 1024)
    const answer = await new Promise<string>((resolve, reject) => {
      const upload = httpRequest(`${gateway.url}/documents/import`, { method: 'POST' }, async (response) => {
        let body = ''
        for await (const piece of response) body += piece
        resolve(body)
      })
      upload.on('error', reject)
      const send = async () => {
        for (let count = 1; count <= 8; count++) {
          upload.write(chunk)
          await eventually(() => received === count * chunk.length)
          await new Promise((done) => setTimeout(done, 100))
        }
        upload.end()
      }
      send().catch(reject)
    })
    expect(answer).toBe(String(8 * chunk.length))
  })

  test("a part's own limit comes through as its answer", async () => {
    const part = await outside('document', (_request, response) => {
      response
        .writeHead(413, { 'content-type': 'application/problem+json' })
        .end('{"type":"/problems/payload-too-large"}')
    })
    const gateway = await started({ DOCUMENT_URL: part.url })
    const body = Buffer.alloc(20 * 1024 * 1024)
    const response = await fetch(`${gateway.url}/documents`, { method: 'POST', body })
    expect(response.status).toBe(413)
    expect(await response.json()).toEqual({ type: '/problems/payload-too-large' })
  })

  test('binary answers, statuses and validators come through untouched', async () => {
    const bytes = Buffer.from([0, 255, 128, 10, 13])
    const part = await outside('document', (request, response) => {
      response.setHeader('etag', '"e.1"')
      if (request.headers['if-none-match'] === '"e.1"') return void response.writeHead(304).end()
      if (request.method === 'DELETE') return void response.writeHead(204).end()
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes)
    })
    const gateway = await started({ DOCUMENT_URL: part.url })
    const url = `${gateway.url}/documents/1/state`
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(bytes)
    expect((await fetch(url, { headers: { 'if-none-match': '"e.1"' } })).status).toBe(304)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(url, { method: 'HEAD' })).headers.get('etag')).toBe('"e.1"')
  })
})

describe('a part that fails', () => {
  test('down: 503 at once, by name, and the others go on', async () => {
    const web = await outside('web')
    const gateway = await started({ WEB_URL: web.url })
    const began = performance.now()
    const response = await fetch(`${gateway.url}/documents/1`, { method: 'PUT', body: 'x'.repeat(100_000) })
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({
      type: '/problems/unavailable',
      detail: expect.stringContaining('The document service cannot be reached'),
      upstream: 'document',
      instance: response.headers.get('x-request-id'),
    })
    expect((await fetch(gateway.url)).status).toBe(200)
  })

  test('silent: 504 after the configured time', async () => {
    const part = await outside('document', () => undefined)
    const gateway = await started({ DOCUMENT_URL: part.url, UPSTREAM_TIMEOUT_MS: '150' })
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${gateway.url}/documents`, { method })
      expect(response.status).toBe(504)
      expect(await response.json()).toMatchObject({ type: '/problems/timeout', upstream: 'document' })
    }
  })

  test('killed while answering: the client sees a broken answer, not a complete one', async () => {
    const part = await outside('document', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.write('half', () => response.socket?.resetAndDestroy())
    })
    const gateway = await started({ DOCUMENT_URL: part.url })
    await expect(fetch(`${gateway.url}/documents`).then((response) => response.text())).rejects.toThrow()
  })

  test('killed before answering: 503', async () => {
    const part = await outside('document', (request) => request.socket.resetAndDestroy())
    const gateway = await started({ DOCUMENT_URL: part.url })
    const response = await fetch(`${gateway.url}/documents`)
    expect(response.status).toBe(503)
  })

  test('restarted on its port: kept connections of before do not matter', async () => {
    const first = await startOutside('document')
    const gateway = await started({ DOCUMENT_URL: first.url })
    expect((await fetch(`${gateway.url}/documents`)).status).toBe(200)
    await first.stop()
    const second = await outside('document')
    await new Promise<void>((resolve) => second.server.close(() => resolve()))
    await new Promise<void>((resolve) => second.server.listen(Number(new URL(first.url).port), '127.0.0.1', resolve))
    await eventually(async () => (await fetch(`${gateway.url}/documents`)).status === 200)
  })

  test('web down: a person sees a page that tries again, a program a problem', async () => {
    const gateway = await started({})
    const page = await fetch(gateway.url, { headers: { accept: 'text/html,application/xhtml+xml' } })
    expect(page.status).toBe(503)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(await page.text()).toContain('http-equiv="refresh"')
    const problem = await fetch(gateway.url)
    expect(await problem.json()).toMatchObject({ detail: expect.stringContaining('The web app cannot be reached') })
  })
})

describe('stop', () => {
  test('lets a request finish, ends subscriptions, and takes no new connection', async () => {
    let finish = (): void => undefined
    let arrived = 0
    const part = await outside('document', (request, response) => {
      arrived++
      if (request.url === '/documents/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
      } else {
        finish = () => void response.end('done')
      }
    })
    const gateway = await startGateway({ DOCUMENT_URL: part.url })
    const events = await fetch(`${gateway.url}/documents/events`)
    const waiting = fetch(`${gateway.url}/documents/slow`)
    await eventually(() => arrived === 2)
    const stopped = gateway.stop()
    await expect(events.text()).rejects.toThrow()
    await eventually(() =>
      rawGet(gateway.url, '/').then(
        () => false,
        () => true,
      ),
    )
    finish()
    expect(await (await waiting).text()).toBe('done')
    await stopped
  })
})

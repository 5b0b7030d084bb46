import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Running } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { raw, startGateway, startOutside } from './testing.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const started = async (env: Record<string, string>): Promise<Running> => {
  const gateway = await startGateway(env)
  stops.push(gateway.stop)
  return gateway
}

/** A WebSocket part that says everything back, and what it saw of each handshake. */
async function startEcho() {
  const outside = await startOutside('collaboration')
  const sockets = new WebSocketServer({ server: outside.server })
  const handshakes: Record<string, unknown>[] = []
  sockets.on('connection', (socket, request) => {
    handshakes.push({ url: request.url, ...request.headers })
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  stops.push(async () => {
    for (const socket of sockets.clients) socket.terminate()
    await outside.stop()
  })
  return { ...outside, sockets, handshakes }
}

interface Attempt {
  status: number
  body: string
  headers: Record<string, unknown>
}

function open(url: string, options: { origin?: string; headers?: Record<string, string> } = {}): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false, ...options })
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** The HTTP answer to a handshake that is refused. */
function refusal(url: string, options: { origin?: string } = {}): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), options)
    socket.once('open', () => reject(new Error('it was not refused')))
    socket.once('error', () => undefined)
    socket.once('unexpected-response', async (_request, response) => {
      let body = ''
      for await (const chunk of response) body += chunk
      resolve({ status: response.statusCode ?? 0, body, headers: response.headers })
    })
  })
}

const closed = (socket: WebSocket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))

describe('a socket', () => {
  test('carries binary messages both ways, with clean headers and the request id', async () => {
    const echo = await startEcho()
    const gateway = await started({ COLLABORATION_URL: echo.url })
    const headers = { cookie: 'session=1', 'x-forwarded-for': '6.6.6.6', 'x-request-id': 'request-0001' }
    const socket = await open(`${gateway.url}/socket.io/?EIO=4`, { headers, origin: 'http://collab.test:3000' })
    for (const size of [1, 200_000]) {
      const sent = Buffer.alloc(size, 7)
      const back = new Promise((resolve) => socket.once('message', resolve))
      socket.send(sent)
      expect(await back).toEqual(sent)
    }
    expect(echo.handshakes[0]).toMatchObject({
      url: '/socket.io/?EIO=4',
      'x-forwarded-for': '127.0.0.1',
      'x-request-id': 'request-0001',
    })
    expect(echo.handshakes[0]).not.toHaveProperty('cookie')
    socket.close()
    await closed(socket)
    await eventually(() => echo.sockets.clients.size === 0)
  })

  test('a client that vanishes is gone upstream; a part that dies ends its clients', async () => {
    const echo = await startEcho()
    const gateway = await started({ COLLABORATION_URL: echo.url })
    const first = await open(`${gateway.url}/socket.io/`)
    first.terminate()
    await eventually(() => echo.handshakes.length === 1 && echo.sockets.clients.size === 0)
    const second = await open(`${gateway.url}/socket.io/`)
    const gone = closed(second)
    second.on('error', () => undefined)
    for (const client of echo.sockets.clients) client.terminate()
    await gone
    const third = await open(`${gateway.url}/socket.io/`)
    third.on('error', () => undefined)
    const broken = closed(third)
    for (const client of echo.sockets.clients) (client as unknown as { _socket: Socket })._socket.resetAndDestroy()
    await broken
  })

  test('stop waits for requests, then ends sockets', async () => {
    const echo = await startEcho()
    let finish = (): void => undefined
    const part = await startOutside('document', (_request, response) => {
      finish = () => void response.end('done')
    })
    stops.push(part.stop)
    const gateway = await startGateway({ COLLABORATION_URL: echo.url, DOCUMENT_URL: part.url })
    const socket = await open(`${gateway.url}/socket.io/`)
    const waiting = fetch(`${gateway.url}/documents`)
    await eventually(() => part.requests.length === 1)
    const stopped = gateway.stop()
    const back = new Promise((resolve) => socket.once('message', resolve))
    socket.send('still here')
    expect(String(await back)).toBe('still here')
    const gone = closed(socket)
    finish()
    expect(await (await waiting).text()).toBe('done')
    await gone
    await stopped
  })
})

describe('refused', () => {
  test('a page of another origin: 403, before the part hears of it', async () => {
    const echo = await startEcho()
    const gateway = await started({ COLLABORATION_URL: echo.url, ALLOWED_ORIGINS: 'https://other.test' })
    for (const origin of ['http://evil.test', 'http://collab.test', 'https://collab.test:3000', 'null']) {
      const answer = await refusal(`${gateway.url}/socket.io/`, { origin })
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.body)).toMatchObject({
        type: '/problems/origin-refused',
        detail: expect.stringContaining('http://collab.test:3000'),
        instance: answer.headers['x-request-id'],
      })
    }
    expect(echo.handshakes).toEqual([])
    for (const origin of ['http://collab.test:3000', 'https://other.test', undefined]) {
      const socket = await open(`${gateway.url}/socket.io/`, origin ? { origin } : {})
      socket.close()
    }
  })

  test('any other path: 404; and web takes upgrades in development only', async () => {
    const echo = await startEcho()
    const gateway = await started({ COLLABORATION_URL: echo.url, DOCUMENT_URL: echo.url, WEB_URL: echo.url })
    for (const path of ['/', '/documents/1', '/_next/webpack-hmr', '/socket.iox', '/internal']) {
      expect((await refusal(gateway.url + path)).status).toBe(404)
    }
    const developing = await started({ WEB_URL: echo.url, NODE_ENV: 'development' })
    const socket = await open(`${developing.url}/_next/webpack-hmr`)
    socket.close()
    expect((await refusal(`${developing.url}/page`)).status).toBe(404)
  })

  test('another protocol than WebSocket', async () => {
    const gateway = await started({})
    const head = 'GET /socket.io/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'
    expect((await raw(gateway.url, head)).status).toBe(400)
  })

  test('a part that is down: a real 503 with a problem, at once', async () => {
    const gateway = await started({})
    const began = performance.now()
    const answer = await refusal(`${gateway.url}/socket.io/`)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(answer.status).toBe(503)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(JSON.parse(answer.body)).toMatchObject({
      type: '/problems/unavailable',
      detail: expect.stringContaining('The collaboration service cannot be reached'),
      upstream: 'collaboration',
      instance: answer.headers['x-request-id'],
    })
  })

  test('a part that never answers the handshake: 504, and the connection to it is let go', async () => {
    const taken: Socket[] = []
    const server = createServer().on('upgrade', (_request, socket: Socket) => void taken.push(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stops.push(() => new Promise((resolve) => server.close(resolve)))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const gateway = await started({ COLLABORATION_URL: url, UPGRADE_TIMEOUT_MS: '100' })
    const answer = await refusal(`${gateway.url}/socket.io/`)
    expect(answer.status).toBe(504)
    expect(JSON.parse(answer.body)).toMatchObject({ type: '/problems/timeout', upstream: 'collaboration' })
    await eventually(() => taken.every((socket) => socket.resume().destroyed || socket.readableEnded))
    for (const socket of taken) socket.destroy()
  })

  test("the part's own refusal comes through, without its CORS headers", async () => {
    const outside = await startOutside('collaboration')
    outside.server.on('upgrade', (_request, socket: Socket) => {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\nAccess-Control-Allow-Origin: *\r\n\r\nnope')
    })
    stops.push(outside.stop)
    const gateway = await started({ COLLABORATION_URL: outside.url })
    const answer = await refusal(`${gateway.url}/socket.io/`)
    expect(answer).toMatchObject({ status: 401, body: 'nope' })
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })
})

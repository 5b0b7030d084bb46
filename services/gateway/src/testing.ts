import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type Running, readConfig } from '@realtime/kit'
import { gatewayConfig, start } from './index.ts'

/** A part of the outside world: an HTTP server on loopback that remembers what it was asked. */
export interface Outside {
  url: string
  server: Server
  requests: IncomingMessage[]
  stop(): Promise<void>
}

/** Starts an HTTP server; without a listener it answers JSON with its name and what it was asked. */
export async function startOutside(name: string, listener?: RequestListener): Promise<Outside> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    if (listener) return listener(request, response)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name, method: request.method, url: request.url, headers: request.headers }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    requests,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An address where nothing listens. */
export async function deadUrl(): Promise<string> {
  const outside = await startOutside('nobody')
  await outside.stop()
  return outside.url
}

/** Starts a gateway whose parts are all at `DEAD` unless named in `env`. */
export async function startGateway(env: Record<string, string>): Promise<Running> {
  const dead = await deadUrl()
  const config = readConfig(gatewayConfig, {
    GATEWAY_LISTEN: '127.0.0.1:0',
    GATEWAY_INTERNAL_LISTEN: '127.0.0.1:0',
    PUBLIC_URL: 'http://collab.test:3000',
    LOG_LEVEL: 'silent',
    AUTH_URL: dead,
    ORGANIZATION_URL: dead,
    DOCUMENT_URL: dead,
    COLLABORATION_URL: dead,
    WEB_URL: dead,
    ...env,
  })
  return start(config)
}

export interface RawAnswer {
  status: number
  head: string
  body: string
}

/** Sends bytes as they are and reads until the other side closes: clients would normalise what tests must not. */
export function raw(url: string, text: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'))
    let received = ''
    socket.setTimeout(5_000, () => socket.destroy(new Error(`no end after: ${received}`)))
    socket.on('data', (chunk) => {
      received += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...body] = received.split('\r\n\r\n')
      resolve({ status: Number(head.split(' ')[1]), head, body: body.join('\r\n\r\n') })
    })
  })
}

/** A request whose target is sent untouched. */
export function rawGet(url: string, target: string, headers = ''): Promise<RawAnswer> {
  return raw(url, `GET ${target} HTTP/1.1\r\nHost: collab.test\r\n${headers}Connection: close\r\n\r\n`)
}

import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Request, Response } from 'express'
import { createProxyServer, type ProxyServerOptions } from 'httpxy'
import { UpstreamTimeout } from './failures.ts'
import { cleanAnswer, cleanRequest, type Forwarded } from './headers.ts'
import type { Upstream } from './upstreams.ts'

/** A part that does not take a connection within this time cannot be reached. */
const CONNECT_MS = 2_000

// Every open page holds a stream of events, so connections are not counted; and an idle one is dropped before any part
// does so itself (five seconds is the usual), else a request could be written into a closing door.
const pool = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64, timeout: 4_000 }

export interface Agents {
  http: HttpAgent
  https: HttpsAgent
}

/** Connections to the parts, kept and used again. */
export function createAgents(): Agents {
  return { http: new HttpAgent(pool), https: new HttpsAgent(pool) }
}

/** Where httpxy goes for an upstream. An IPv6 address loses the brackets that only a URL needs. */
export function targetOf(url: URL): NonNullable<ProxyServerOptions['target']> {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    host: url.host,
    port,
    pathname: url.pathname,
  }
}

/** Ends `proxyReq` as unreachable when its connection takes too long. */
export function limitConnect(proxyReq: ClientRequest): void {
  const watch = (socket: Socket): void => {
    if (!socket.connecting) return
    const timer = setTimeout(() => {
      proxyReq.destroy(Object.assign(new Error('the connection takes too long'), { code: 'ETIMEDOUT' }))
    }, CONNECT_MS)
    socket.once('connect', () => clearTimeout(timer))
    socket.once('close', () => clearTimeout(timer))
  }
  if (proxyReq.socket) watch(proxyReq.socket)
  else proxyReq.once('socket', watch)
}

export interface ForwardOptions {
  url: URL
  agents: Agents
  forwarded: Forwarded
  /** Milliseconds to the first header byte, counted while the client is not sending. */
  timeoutMs: number
  /** Whether connections should end with their answers. */
  isDraining(): boolean
  /** Told of each answer as it begins. */
  onAnswer(answer: IncomingMessage): void
}

/**
 * Sends a request on and streams the answer back, both ways unbuffered; the client's going away ends the upstream's
 * request. Resolves when the answer is over.
 * @throws what kept the upstream from answering, while nothing of an answer has been sent
 */
export async function forward(
  request: Request,
  response: Response,
  upstream: Upstream,
  options: ForwardOptions,
): Promise<void> {
  const closing = /\bclose\b/i.test(request.headers.connection ?? '') || request.httpVersion === '1.0'
  cleanRequest(request, upstream, options.forwarded)
  try {
    await once(request, response, upstream, options, closing)
  } catch (error) {
    if (response.destroyed || response.headersSent) return
    throw error
  }
}

async function once(
  request: Request,
  response: Response,
  upstream: Upstream,
  options: ForwardOptions,
  closing: boolean,
): Promise<void> {
  const { url, agents } = options
  const proxy = createProxyServer()
  let answered = false
  let timer: NodeJS.Timeout | undefined
  proxy.on('proxyReq', (proxyReq) => {
    limitConnect(proxyReq)
    timer = limitSilence(request, proxyReq, options.timeoutMs)
  })
  proxy.on('proxyRes', (answer) => {
    answered = true
    clearInterval(timer)
    cleanAnswer(answer.headers, upstream)
    mergeVary(answer, response)
    answer.headers.connection = closing || options.isDraining() ? 'close' : 'keep-alive'
    options.onAnswer(answer)
    // A stream may say nothing for long: its reader must know at once that it is open.
    if (answer.headers['content-length'] === undefined) process.nextTick(() => response.flushHeaders())
  })
  try {
    await proxy.web(request, response, {
      target: targetOf(url),
      agent: url.protocol === 'https:' ? agents.https : agents.http,
      changeOrigin: true,
    })
  } catch (error) {
    // An answer that has begun is httpxy's to finish or to cut.
    if (!answered) throw error
  } finally {
    clearInterval(timer)
  }
}

/** Ends `proxyReq` when no answer begins in time; an upload that moves counts as life. */
function limitSilence(request: IncomingMessage, proxyReq: ClientRequest, timeoutMs: number): NodeJS.Timeout {
  let seen = request.socket.bytesRead
  let sending = !request.complete
  return setInterval(() => {
    const moved = sending && request.socket.bytesRead !== seen
    seen = request.socket.bytesRead
    sending = !request.complete
    if (!moved) proxyReq.destroy(new UpstreamTimeout('no answer in time'))
  }, timeoutMs)
}

function mergeVary(answer: IncomingMessage, response: Response): void {
  const ours = response.getHeader('vary')
  if (typeof ours !== 'string') return
  const theirs = answer.headers.vary
  if (theirs?.toLowerCase().includes('origin')) return
  answer.headers.vary = theirs ? `${theirs}, ${ours}` : ours
}

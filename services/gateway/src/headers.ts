import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Upstream } from './upstreams.ts'

/** Headers about one connection only (RFC 9110, section 7.6.1), beside those that `Connection` names. */
const HOP_BY_HOP = [
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
]

/** What a client may not say about itself or to the framework behind: only the gateway does. */
const GATEWAYS_OWN = /^(forwarded|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|x-middleware-.*|expect)$/

/** Never removed because `Connection` names them: without these a message changes its meaning or its length. */
const KEPT = new Set(['host', 'content-length', 'transfer-encoding', 'authorization', 'cookie', 'x-request-id'])

function withoutHopByHop(headers: IncomingHttpHeaders): void {
  const named = String(headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => !KEPT.has(name))
  for (const name of [...HOP_BY_HOP, ...named]) delete headers[name]
}

/** What the gateway says about the client. */
export interface Forwarded {
  address: string
  publicUrl: URL
}

/** Makes a request's headers fit to be sent on to `upstream`. */
export function cleanRequest(request: IncomingMessage, upstream: Upstream, forwarded: Forwarded): void {
  const { headers } = request
  withoutHopByHop(headers)
  for (const name of Object.keys(headers)) if (GATEWAYS_OWN.test(name)) delete headers[name]
  if (!upstream.cookies) delete headers.cookie
  headers['x-forwarded-for'] = forwarded.address
  headers['x-forwarded-proto'] = forwarded.publicUrl.protocol.slice(0, -1)
  headers['x-forwarded-host'] = forwarded.publicUrl.host
}

/** The same for a WebSocket handshake, which needs its two hop-by-hop headers. */
export function cleanHandshake(request: IncomingMessage, upstream: Upstream, forwarded: Forwarded): void {
  cleanRequest(request, upstream, forwarded)
  request.headers.connection = 'Upgrade'
  request.headers.upgrade = 'websocket'
}

/** Takes from an answer's headers what is the gateway's to say: the connection, CORS, the request id. */
export function cleanAnswer(headers: IncomingHttpHeaders, upstream: Upstream): void {
  withoutHopByHop(headers)
  cleanShared(headers, upstream)
}

/** The same for the answer to a handshake, which keeps its hop-by-hop headers. */
export function cleanShared(headers: IncomingHttpHeaders, upstream: Upstream): void {
  delete headers['x-request-id']
  delete headers['x-powered-by']
  if (!upstream.cookies) delete headers['set-cookie']
  for (const name of Object.keys(headers)) if (name.startsWith('access-control-')) delete headers[name]
}

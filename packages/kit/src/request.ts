import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Carries a request's id through every hop, log line and problem. */
export const REQUEST_ID_HEADER = 'x-request-id'

const current = new AsyncLocalStorage<{ id: string; request: IncomingMessage | null }>()

/** The id of the request being handled, or undefined outside of one. */
export function requestId(): string | undefined {
  return current.getStore()?.id
}

/** Runs `work` as part of the request `id`; `request` is what came, where it came by HTTP. */
export function withRequestId<T>(id: string, work: () => T, request: IncomingMessage | null = null): T {
  return current.run({ id, request }, work)
}

/** From where a request came, as an audit log keeps it. */
export interface Whence {
  address: string | null
  /** What the browser or program calls itself. */
  device: string | null
}

/**
 * From where the request that is being handled came; nowhere for what a service does by itself. The gateway, the only
 * caller of public routes, names the address after having stripped what the client claimed.
 */
export function whence(): Whence {
  const request = current.getStore()?.request
  if (!request) return { address: null, device: null }
  const named = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')[0]
    ?.trim()
  const address = named && isIP(named) ? named : request.socket.remoteAddress?.replace(/^::ffff:/, '')
  return { address: address ?? null, device: request.headers['user-agent'] ?? null }
}

/** The id a request came with when it is well-formed, else a new one. */
export function readRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(header) ? header : randomUUID()
}

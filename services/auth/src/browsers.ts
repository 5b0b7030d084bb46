import { isIP } from 'node:net'
import { Problem } from '@realtime/contracts'
import type { Request, RequestHandler, Response } from 'express'

/** The browser behind a request, as better-auth wants it: its cookies, address and name, and where cookies go. */
export interface Browser {
  headers: Headers
  address: string
  /** What limits count by: an IPv4 address, or the 64 bits of an IPv6 one that a household or server is given. */
  network: string
  /** Passes the cookies of an answer of better-auth on. */
  keepCookies(from: Headers): void
}

/** Reads the browser behind a request. */
export function browserOf(request: Request, response: Response): Browser {
  const address = addressOf(request)
  const headers = new Headers({ 'x-forwarded-for': address })
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name]
    if (value) headers.set(name, value)
  }
  return {
    headers,
    address,
    network: networkOf(address),
    keepCookies: (from) => {
      for (const cookie of from.getSetCookie()) response.append('set-cookie', cookie)
    },
  }
}

/** The client's address: the gateway, our only caller, names it after having stripped what the client claimed. */
function addressOf(request: Request): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')[0]
    ?.trim()
  if (forwarded && isIP(forwarded)) return forwarded
  return request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '0.0.0.0'
}

/** The network of an address: an IPv6 customer has more addresses than any limit could count. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]]
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/**
 * Refuses what another site makes a browser send: a change must come from a page of PUBLIC_URL. Programs send neither
 * Origin nor cookies and are let through. All answers are personal: none may be kept by a cache.
 */
export function guardOrigin(publicUrl: string): RequestHandler {
  const own = new URL(publicUrl).origin
  return (request, response, next) => {
    response.set('cache-control', 'private, no-store').vary('Cookie')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const { origin, cookie } = request.headers
      if (origin === undefined ? cookie !== undefined : origin !== own) {
        throw new Problem('origin-refused', `This server is used at ${own}; requests from elsewhere are refused.`)
      }
    }
    next()
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { isIP } from 'node:net'
import type { Request, RequestHandler } from 'express'

/** From where a request came, as the audit log keeps it. */
export interface Whence {
  address: string | null
  /** What the browser or program calls itself. */
  device: string | null
}

const current = new AsyncLocalStorage<Whence>()
const NOWHERE: Whence = { address: null, device: null }

/** Lets all that a request sets off know from where it came. */
export const knowWhence: RequestHandler = (request, _response, next) => current.run(whenceOf(request), next)

/** From where the request that is being answered came; nowhere for what the service does by itself. */
export function whence(): Whence {
  return current.getStore() ?? NOWHERE
}

/** The gateway, our only caller, names the address after having stripped what the client claimed. */
function whenceOf({ headers, socket }: Request): Whence {
  const named = String(headers['x-forwarded-for'] ?? '')
    .split(',')[0]
    ?.trim()
  const address = named && isIP(named) ? named : socket.remoteAddress?.replace(/^::ffff:/, '')
  return { address: address ?? null, device: headers['user-agent'] ?? null }
}

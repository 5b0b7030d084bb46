import { EPOCH_HEADER, Problem, SEQ_HEADER } from '@realtime/contracts'
import { REQUEST_ID_HEADER } from '@realtime/kit'
import type { RequestHandler } from 'express'

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const REQUEST_HEADERS = `authorization, content-type, if-none-match, ${REQUEST_ID_HEADER}`
const EXPOSED = `etag, retry-after, ${REQUEST_ID_HEADER}, ${EPOCH_HEADER}, ${SEQ_HEADER}`
const PREFLIGHT_SECONDS = '600'

/** The origins whose pages may use the platform: its own and the listed ones. */
export function allowedOrigins(publicUrl: string, more: string[]): Set<string> {
  return new Set([new URL(publicUrl).origin, ...more])
}

/** Refuses an Origin that is not allowed; none at all is a program, not a page. @throws Problem `origin-refused` */
export function checkOrigin(origin: string | undefined, allowed: Set<string>): void {
  if (origin === undefined || allowed.has(origin)) return
  const [home] = allowed
  throw new Problem(
    'origin-refused',
    `Pages from this origin may not use this server. Open it at ${home}, or add the origin to ALLOWED_ORIGINS.`,
  )
}

/** The one CORS policy: allowed origins only, never with credentials; preflights are answered here. */
export function cors(allowed: Set<string>): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers
    response.vary('Origin')
    const preflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    if (preflight) checkOrigin(origin, allowed)
    if (origin !== undefined && allowed.has(origin)) {
      response.setHeader('access-control-allow-origin', origin)
      if (!preflight) response.setHeader('access-control-expose-headers', EXPOSED)
    }
    if (!preflight) return next()
    response.setHeader('access-control-allow-methods', METHODS)
    response.setHeader('access-control-allow-headers', REQUEST_HEADERS)
    response.setHeader('access-control-max-age', PREFLIGHT_SECONDS)
    response.status(204).end()
  }
}

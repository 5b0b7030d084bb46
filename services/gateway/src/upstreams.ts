/**
 * The gateway's public table: which part answers which path.
 *
 *   /auth                     auth
 *   /orgs, /billing           organization
 *   /projects, /documents     document
 *   /socket.io                collaboration (WebSocket)
 *   /ai                       AI (optional)
 *   /health                   the gateway itself
 *   everything else           web
 *
 * A prefix matches whole segments (`/authx` is a page of web, not auth's) and is compared as it was sent: paths that
 * could mean something else once decoded never get this far (`paths.ts`). `/internal`, `/ready` and `/metrics` are not
 * in the table: the services have them on second ports that the gateway does not know, so here they are pages that web
 * does not have.
 *
 * To add a part: a variable in `config.ts`, a row here. Cookies reach only the parts with `cookies: true`; nothing else
 * may rely on them, which is why cross-site request forgery exists at `/auth` alone.
 */
import type { GatewayConfig } from './config.ts'

/** One part behind the gateway. */
export interface Upstream {
  /** Its name in problems, logs and `/health`. */
  name: string
  /** How a sentence calls it: "The document service cannot be reached." */
  title: string
  /** Where it answers; null when it is not set up. */
  url: URL | null
  prefixes: readonly string[]
  /** Whether it may see and set cookies. */
  cookies: boolean
  /** Prefixes under which it takes WebSocket upgrades. */
  upgrades: readonly string[]
  /** What `/health` asks, and which answers mean that it is up. */
  probe: { method: 'GET' | 'HEAD'; path: string; isUp(status: number): boolean }
}

/** What `/ai` says when there is no AI service. */
export const AI_MISSING =
  'AI is not running on this server. To switch it on, install Python 3.10 or newer (with venv), ' +
  'start the platform again, and set GEMINI_API_KEY.'

/** The parts in the order of the table; the last takes what no other takes. */
export function upstreams(config: GatewayConfig): Upstream[] {
  const service = (
    name: string,
    url: string | undefined,
    prefixes: string[],
    more: Partial<Upstream> = {},
  ): Upstream => ({
    name,
    title: `The ${name} service`,
    url: url === undefined ? null : new URL(url),
    prefixes,
    cookies: false,
    upgrades: [],
    probe: { method: 'GET', path: '/health', isUp: (status) => status === 200 },
    ...more,
  })
  return [
    service('auth', config.AUTH_URL, ['/auth'], { cookies: true }),
    service('organization', config.ORGANIZATION_URL, ['/orgs', '/billing']),
    service('document', config.DOCUMENT_URL, ['/projects', '/documents']),
    service('collaboration', config.COLLABORATION_URL, ['/socket.io'], { upgrades: ['/socket.io'] }),
    service('ai', config.AI_URL, ['/ai'], { title: 'The AI service' }),
    service('web', config.WEB_URL, [''], {
      title: 'The web app',
      cookies: true,
      // Next's development server reloads pages through a WebSocket; a built app has none.
      upgrades: config.NODE_ENV === 'development' ? ['/_next'] : [],
      // A file, so that asking renders no page; a missing one is an answer too.
      probe: { method: 'HEAD', path: '/favicon.ico', isUp: (status) => status < 500 },
    }),
  ]
}

/** Whether `path` is `prefix` or below it. */
export function isUnder(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || prefix === '' || path[prefix.length] === '/')
}

/** The part that answers `path` (without its query). */
export function upstreamOf(table: Upstream[], path: string): Upstream {
  const found = table.find((upstream) => upstream.prefixes.some((prefix) => isUnder(path, prefix)))
  if (!found) throw new Error('the last upstream takes every path')
  return found
}

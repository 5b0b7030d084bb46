import type { RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * The security headers of every answer. A content security policy is only for pages and belongs to the web app, which
 * knows its own scripts. What browsers obey over https alone is only said over https: elsewhere it fills their consoles.
 */
export function protection(publicUrl: URL): RequestHandler {
  const secure = publicUrl.protocol === 'https:'
  return helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: secure && { maxAge: 365 * 24 * 60 * 60, includeSubDomains: false },
    crossOriginOpenerPolicy: secure && { policy: 'same-origin' },
    originAgentCluster: secure,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    // The legacy header would only switch a broken filter off; nothing we serve is for such browsers.
    xXssProtection: false,
  })
}

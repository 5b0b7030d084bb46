import { type NextRequest, NextResponse } from 'next/server'

/**
 * Gives each page a Content-Security-Policy with a fresh nonce. Nothing here upgrades to https: the product also runs
 * over plain http in a LAN.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64')
  const policy = contentSecurityPolicy(nonce, request.headers.get('x-forwarded-host') ?? request.headers.get('host'))
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('referrer-policy', 'same-origin')
  return response
}

/** The policy of a page. `host` names the own origin for WebSockets, which 'self' does not cover in every browser. */
export function contentSecurityPolicy(nonce: string, host: string | null): string {
  const sockets = host && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : ''
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'${sockets}`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

export const config = { matcher: '/((?!_next/static|_next/image|favicon.ico|icon.svg).*)' }

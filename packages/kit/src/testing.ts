import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Actor, type Caller, USER_TOKEN_SECONDS } from '@realtime/contracts'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { revocationHash } from './revocations.ts'

/** Waits until `check` neither throws nor answers false, trying again every few milliseconds; rethrows its last error. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  const until = performance.now() + timeoutMs
  for (;;) {
    try {
      const value = await check()
      if (value !== false && value !== undefined && value !== null) return value
      if (performance.now() > until) throw new Error('the condition did not come true in time')
    } catch (error) {
      if (performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}

/** An issuer of user tokens with real keys, for tests of a service that must not know auth. */
export interface Authority {
  url: string
  /** Signs a token for a person; `claims` override the usual ones, `foreign` signs with an unknown key. */
  token(
    userId: string,
    options?: { claims?: Record<string, unknown>; foreign?: boolean; seconds?: number },
  ): Promise<string>
  revoke(sessionId: string): void
  stop(): Promise<void>
}

/** Starts an issuer that answers `/auth/jwks` and `/auth/revocations` on loopback. */
export async function startAuthority(publicUrl: string): Promise<Authority> {
  const own = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const other = await generateKeyPair('EdDSA', { crv: 'Ed25519' })
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }
  const revoked: string[] = []
  const told = new EventEmitter().setMaxListeners(0)
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/auth/jwks') return void response.end(JSON.stringify({ keys: [jwk] }))
    const { searchParams } = new URL(request.url ?? '', 'http://localhost')
    const end = (): void => {
      clearTimeout(waiting)
      told.off('revoked', end)
      response.end(JSON.stringify({ revoked, tag: String(revoked.length) }))
    }
    const seconds = searchParams.get('known') === String(revoked.length) ? Number(searchParams.get('wait')) : 0
    const waiting = setTimeout(end, seconds * 1000)
    told.on('revoked', end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: (userId, options = {}) =>
      new SignJWT({ act: 'user', sid: `session-${userId}`, ...options.claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
        .setSubject(userId)
        .setIssuer(publicUrl)
        .setAudience(publicUrl)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + (options.seconds ?? USER_TOKEN_SECONDS))
        .sign(options.foreign ? other.privateKey : own.privateKey),
    revoke(sessionId) {
      revoked.push(revocationHash(sessionId))
      told.emit('revoked')
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A caller that sends a bearer token. */
export function bearer(baseUrl: string, token: string): Caller {
  return { baseUrl, headers: () => ({ authorization: `Bearer ${token}` }) }
}

/** A user as an actor. */
export function asUser(id: string): Actor {
  return { type: 'user', id, sessionId: `session-${id}` }
}

/** A fresh id for a test. */
export function freshId(): string {
  return randomUUID()
}

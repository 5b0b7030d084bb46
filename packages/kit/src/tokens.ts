import { randomUUID } from 'node:crypto'
import { type Actor, Problem, type UserClaims, userClaims } from '@realtime/contracts'
import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from 'jose'
import { type RevokedListener, revocationList } from './revocations.ts'

/** What a verified user token says: who, and until when (milliseconds since 1970). */
export interface VerifiedUser {
  actor: Actor
  sessionId: string
  expiresAt: number
}

export interface UserTokens {
  /** @throws Problem `unauthenticated` (expired, forged, foreign, revoked) or `unavailable` (no keys to be had) */
  verify(token: string): Promise<VerifiedUser>
  /** Whether a session has been revoked since. */
  isRevoked(sessionId: string): boolean
  /** Calls `listener` when more sessions have been revoked, for what outlives a request; the answer ends it. */
  onRevoked(listener: RevokedListener): () => void
  stop(): void
}

/** Verifies user tokens by auth's JWKS; `publicUrl` is both issuer and audience. */
export function userTokens(options: { authUrl: string; publicUrl: string }): UserTokens {
  const keys = createRemoteJWKSet(new URL(`${options.authUrl}/auth/jwks`), {
    cooldownDuration: 2_000,
    timeoutDuration: 3_000,
  })
  const revoked = revocationList(options.authUrl)
  return {
    async verify(token) {
      const claims = await verified(token, keys, options.publicUrl)
      if (revoked.has(claims.sid)) throw new Problem('unauthenticated', 'The session of this token was ended.')
      return { actor: actorOf(claims), sessionId: claims.sid, expiresAt: claims.exp * 1000 }
    },
    isRevoked: (sessionId) => revoked.has(sessionId),
    onRevoked: (listener) => revoked.onRevoked(listener),
    stop: () => revoked.stop(),
  }
}

async function verified(
  token: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  publicUrl: string,
): Promise<UserClaims> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['EdDSA'],
      issuer: publicUrl,
      audience: publicUrl,
      requiredClaims: ['sub', 'act', 'sid', 'exp'],
    })
    return userClaims.parse(payload)
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw new Problem('unauthenticated', 'The token has expired.', { cause })
    if (cause instanceof errors.JWKSTimeout || cause instanceof TypeError) {
      throw new Problem('unavailable', 'The auth service cannot be reached.', { cause, extra: { upstream: 'auth' } })
    }
    if (
      cause instanceof errors.JWKSInvalid ||
      (cause instanceof errors.JOSEError && cause.code === 'ERR_JOSE_GENERIC')
    ) {
      // jose says these when the JWKS endpoint answered something else than keys.
      throw new Problem('unavailable', 'The auth service cannot be reached.', { cause, extra: { upstream: 'auth' } })
    }
    throw new Problem('unauthenticated', 'The token is not valid here.', { cause })
  }
}

function actorOf(claims: UserClaims): Actor {
  const scopes = claims.scope?.split(' ').filter(Boolean) ?? []
  if (claims.act === 'user') return { type: 'user', id: claims.sub, sessionId: claims.sid }
  if (claims.act === 'key') {
    const { sid: id, sub: userId, name } = claims
    return { type: 'key', id, userId, scopes, ...(name === undefined ? {} : { name }) }
  }
  const documentId = scopes.find((scope) => scope.startsWith('document:'))?.slice('document:'.length)
  if (!documentId) throw new Problem('unauthenticated', 'The link token names no document.')
  return { type: 'link', id: claims.sub, linkId: claims.sid, documentId, name: claims.name ?? '' }
}

/** The token of an `Authorization: Bearer` header. @throws Problem `unauthenticated` when there is none */
export function bearerToken(header: string | undefined): string {
  const match = /^Bearer ([A-Za-z0-9._~+/=-]+)$/.exec(header ?? '')
  if (!match?.[1])
    throw new Problem('unauthenticated', 'A bearer token is needed.', { headers: { 'www-authenticate': 'Bearer' } })
  return match[1]
}

/** How long a service token lives. */
export const SERVICE_TOKEN_SECONDS = 60

/** A token by which `caller` calls `callee`: HS256 with the callee's secret, 60 seconds. */
export async function signServiceToken(caller: string, callee: string, secret: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt' })
    .setIssuer(caller)
    .setAudience(callee)
    .setIssuedAt()
    .setExpirationTime(`${SERVICE_TOKEN_SECONDS}s`)
    .setJti(randomUUID())
    .sign(new TextEncoder().encode(secret))
}

/** Most tokens that are remembered: callers make one every twenty seconds, each of their processes its own. */
const MOST_REMEMBERED = 1_000

/**
 * Recognises callers of the service `name` by their tokens, each verified once and remembered until it expires. Answers
 * the name of the caller.
 * @throws Problem `unauthenticated` for anything but a service token for `name`
 */
export function serviceTokens({ name, secret }: { name: string; secret: string }): (token: string) => Promise<string> {
  const remembered = new Map<string, { caller: string; expiresAt: number }>()
  return async (token) => {
    const known = remembered.get(token)
    if (known && Date.now() < known.expiresAt) return known.caller
    const read = await readServiceToken(token, name, secret)
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(token, read)
    return read.caller
  }
}

async function readServiceToken(
  token: string,
  callee: string,
  secret: string,
): Promise<{ caller: string; expiresAt: number }> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      typ: 'service+jwt',
      audience: callee,
      requiredClaims: ['iss', 'iat', 'exp', 'jti'],
      maxTokenAge: `${SERVICE_TOKEN_SECONDS}s`,
    })
    const { iss = '', iat = 0, exp = 0 } = payload
    return { caller: iss, expiresAt: 1000 * Math.min(exp, iat + SERVICE_TOKEN_SECONDS) }
  } catch (cause) {
    throw new Problem('unauthenticated', 'The service token is not valid here.', { cause })
  }
}

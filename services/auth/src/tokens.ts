import { USER_TOKEN_SECONDS, type UserClaims } from '@realtime/contracts'
import type { Context } from './context.ts'
import { asking } from './refusals.ts'

/** A signed token, and until when it holds (ISO 8601). */
export interface IssuedToken {
  token: string
  expiresAt: string
}

/** Signs a token of ten minutes that every service verifies by our public keys. */
export async function signToken(
  ctx: Context,
  claims: Pick<UserClaims, 'sub' | 'act' | 'sid' | 'scope' | 'name'>,
): Promise<IssuedToken> {
  const iat = Math.floor(Date.now() / 1000)
  const exp = iat + USER_TOKEN_SECONDS
  const { token } = await asking(ctx.identity.api.signJWT({ body: { payload: { ...claims, iat, exp } } }))
  return { token, expiresAt: new Date(exp * 1000).toISOString() }
}

/** A token for a visitor who came by a share link, good for its one document. */
export function issueLinkToken(
  ctx: Context,
  input: { visitorId: string; linkId: string; documentId: string; name: string },
): Promise<IssuedToken> {
  const { visitorId, linkId, documentId, name } = input
  return signToken(ctx, { sub: visitorId, act: 'link', sid: linkId, scope: `document:${documentId}`, name })
}

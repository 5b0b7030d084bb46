import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

/** Opens a session of a person by the library, and sets its cookie. @throws APIError where nobody has this id */
export async function openSession(
  ctx: Parameters<typeof setSessionCookie>[0],
  userId: string,
): Promise<{ sessionId?: string }> {
  const { internalAdapter } = ctx.context
  const user = await internalAdapter.findUserById(userId)
  if (!user) throw new APIError('NOT_FOUND')
  const session = await internalAdapter.createSession(user.id)
  await setSessionCookie(ctx, { session, user }, false)
  return { sessionId: session.id }
}

/**
 * A plugin of better-auth by which our own ways to sign in open a session and set its cookie. It has no path: only our
 * code calls it, after it has made sure who is there.
 */
export const entering = {
  id: 'entering',
  endpoints: {
    enter: createAuthEndpoint.serverOnly({ method: 'POST', body: z.object({ userId: z.string() }) }, (ctx) =>
      openSession(ctx, ctx.body.userId),
    ),
  },
}

import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

/**
 * A plugin of better-auth that lets its second factor stand behind our own ways to sign in. Nothing here is mounted:
 * only our code calls it, after it has made sure who is there.
 */
export const challenging = {
  id: 'challenging',
  endpoints: {
    /**
     * Opens a session, or, where a code is asked for, none, and sets the cookie of the second step. It bears the path of
     * a plugin that we do not use, by which the two-factor plugin knows that somebody signs in.
     */
    enterOrAsk: createAuthEndpoint(
      '/sign-in/username',
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async (ctx): Promise<{ sessionId?: string }> => {
        const { internalAdapter } = ctx.context
        const user = await internalAdapter.findUserById(ctx.body.userId)
        if (!user) throw new APIError('NOT_FOUND')
        const session = await internalAdapter.createSession(user.id)
        await setSessionCookie(ctx, { session, user }, false)
        return { sessionId: session.id }
      },
    ),
    /** Who is asked for a code in this browser; null for nobody, or when it was too long ago. */
    challenged: createAuthEndpoint.serverOnly({ method: 'POST', requireHeaders: true }, async (ctx) => {
      const { name } = ctx.context.createAuthCookie('two_factor')
      const identifier = await ctx.getSignedCookie(name, ctx.context.secret)
      if (!identifier) return { userId: null }
      const challenge = await ctx.context.internalAdapter.findVerificationValue(identifier)
      return { userId: challenge && challenge.expiresAt > new Date() ? challenge.value : null }
    }),
  },
}

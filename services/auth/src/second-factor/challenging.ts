import { createAuthEndpoint } from 'better-auth/api'
import { z } from 'zod'
import { openSession } from '../entering.ts'

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
      (ctx) => openSession(ctx, ctx.body.userId),
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

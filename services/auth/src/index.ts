import { type Running, serve } from '@realtime/kit'
import type { AuthConfig } from './config.ts'
import { openContext } from './context.ts'
import { sweepExpired } from './expiry.ts'
import { internalRoutes, publicRoutes } from './routes.ts'

export { type AuthConfig, authConfig } from './config.ts'

/** Starts auth: who people are, their sessions, and the tokens that all other services verify. */
export async function start(config: AuthConfig): Promise<Running> {
  const ctx = await openContext(config)
  const stopSweeping = sweepExpired(ctx)
  const close = async () => {
    stopSweeping()
    await ctx.post.stop()
    await ctx.revocations.stop()
    await ctx.changed.stop()
    await ctx.db.$disconnect()
  }
  try {
    return await serve({
      name: 'auth',
      log: ctx.log,
      listen: config.AUTH_LISTEN,
      internalListen: config.AUTH_INTERNAL_LISTEN,
      routes: publicRoutes(ctx),
      internalRoutes: internalRoutes(ctx),
      ready: () => ctx.db.$queryRaw`SELECT 1`,
      drain: async () => ctx.draining.abort(),
      stop: close,
    })
  } catch (error) {
    await close()
    throw error
  }
}

import { type Running, serve } from '@realtime/kit'
import type { OrganizationConfig } from './config.ts'
import { openContext } from './context.ts'
import { internalRoutes, publicRoutes } from './routes.ts'

export { type OrganizationConfig, organizationConfig } from './config.ts'

/** Starts organization: who belongs where, and as what. */
export async function start(config: OrganizationConfig): Promise<Running> {
  const ctx = await openContext(config)
  try {
    return await serve({
      name: 'organization',
      log: ctx.log,
      listen: config.ORGANIZATION_LISTEN,
      internalListen: config.ORGANIZATION_INTERNAL_LISTEN,
      routes: publicRoutes(ctx),
      internalRoutes: internalRoutes(ctx),
      ready: () => ctx.db.$queryRaw`SELECT 1`,
      drain: async () => ctx.draining.abort(),
      stop: () => ctx.close(),
    })
  } catch (error) {
    await ctx.close()
    throw error
  }
}

import { type Running, serve } from '@realtime/kit'
import { startReconciling } from './billing/reconcile.ts'
import type { OrganizationConfig } from './config.ts'
import { openContext } from './context.ts'
import { internalRoutes, publicRoutes } from './routes.ts'
import { startUpkeep } from './upkeep.ts'

export { type OrganizationConfig, organizationConfig } from './config.ts'

/** Starts organization: who belongs where, and as what. */
export async function start(config: OrganizationConfig): Promise<Running> {
  const ctx = await openContext(config)
  const reconciling = startReconciling(ctx)
  const upkeep = startUpkeep(ctx)
  const close = async () => {
    ctx.draining.abort()
    await Promise.all([reconciling.stop(), upkeep.stop()])
    await ctx.close()
  }
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
      stop: close,
    })
  } catch (error) {
    await close()
    throw error
  }
}

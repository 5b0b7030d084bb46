import { type Running, router, serve } from '@realtime/kit'
import type { DocumentConfig } from './config.ts'
import { open } from './context.ts'
import { internalRoutes, publicRoutes } from './routes.ts'

export { type DocumentConfig, documentConfig } from './config.ts'

/** Starts the document service: migrates its schema, then serves its public and its internal routes. */
export async function start(config: DocumentConfig): Promise<Running> {
  const ctx = await open(config)
  try {
    return await serve({
      name: 'document',
      log: ctx.log,
      listen: config.DOCUMENT_LISTEN,
      internalListen: config.DOCUMENT_INTERNAL_LISTEN,
      routes: router(publicRoutes(ctx), { users: ctx.users }),
      internalRoutes: router(internalRoutes(ctx), {
        service: { name: 'document', secret: config.DOCUMENT_SERVICE_SECRET },
      }),
      ready: () => ctx.pool.query('SELECT 1'),
      drain: async () => ctx.drain(),
      stop: () => ctx.close(),
    })
  } catch (error) {
    // A port in use, for instance: whatever was opened must not keep the process alive.
    await ctx.close()
    throw error
  }
}

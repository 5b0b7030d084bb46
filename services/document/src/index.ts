import { type Running, router, serve } from '@realtime/kit'
import type { DocumentConfig } from './config.ts'
import { open } from './context.ts'
import { type Job, job } from './jobs.ts'
import { internalRoutes, publicRoutes } from './routes.ts'

export { type DocumentConfig, documentConfig } from './config.ts'

const HOUR_MS = 3_600_000

/** Starts the document service: migrates its schema, then serves its public and its internal routes. */
export async function start(config: DocumentConfig): Promise<Running> {
  const ctx = await open(config)
  const jobs: Job[] = []
  const close = async (): Promise<void> => {
    await Promise.all(jobs.map((one) => one.stop()))
    await ctx.close()
  }
  try {
    const running = await serve({
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
      stop: close,
    })
    jobs.push(job('reporting what is stored', { everyMs: HOUR_MS, log: ctx.log }, () => ctx.usage.reconcile()))
    return running
  } catch (error) {
    // A port in use, for instance: whatever was opened must not keep the process alive.
    await close()
    throw error
  }
}

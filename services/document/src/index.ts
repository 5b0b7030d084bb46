import { type Running, router, serve } from '@realtime/kit'
import { sendNotes } from './audit.ts'
import type { DocumentConfig } from './config.ts'
import { open } from './context.ts'
import { followDepartures } from './departures.ts'
import { type Job, job } from './jobs.ts'
import { mailDigests } from './mail-digest.ts'
import { pruneVersions } from './pruning.ts'
import { purgeStrays } from './purging.ts'
import { internalRoutes, publicRoutes } from './routes.ts'
import { keepSpells } from './spells.ts'
import { emptyTrash } from './trash.ts'

export { type DocumentConfig, documentConfig } from './config.ts'

const NOTES_MS = 2_000
const DEPARTURES_MS = 30_000
const SPELLS_MS = 30_000
const TEXTS_MS = 10 * 60_000
const LOGS_MS = 10 * 60_000
const DIGESTS_MS = 10 * 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

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
      metrics: ctx.metrics,
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
    const { log } = ctx
    const departures = job('following who left', { everyMs: DEPARTURES_MS, log }, (signal) =>
      followDepartures(ctx, signal),
    )
    ctx.memberships.watch(() => void departures.run())
    jobs.push(
      departures,
      job('reporting what is stored', { everyMs: HOUR_MS, log }, () => ctx.usage.reconcile()),
      job('telling the audit log', { everyMs: NOTES_MS, log }, (signal) => sendNotes(ctx, signal)),
      job('forgetting wrong passwords of links', { everyMs: HOUR_MS, log }, () => ctx.linkLimits.sweep()),
      job('looking for long logs', { everyMs: LOGS_MS, log }, (signal) => ctx.compaction.find(signal)),
      job('reading texts for search', { everyMs: TEXTS_MS, log }, (signal) => ctx.texts.find(signal)),
      job('keeping versions', { everyMs: SPELLS_MS, log }, (signal) => keepSpells(ctx, signal)),
      job('mailing what is unread', { everyMs: DIGESTS_MS, log }, (signal) => mailDigests(ctx, signal)),
      job('emptying the trash', { everyMs: HOUR_MS, log }, (signal) => emptyTrash(ctx, signal)),
      job('cleaning up after what is gone', { everyMs: DAY_MS, log }, (signal) => purgeStrays(ctx, signal)),
      job('cleaning up versions', { everyMs: DAY_MS, log }, (signal) => pruneVersions(ctx, signal)),
    )
    return running
  } catch (error) {
    // A port in use, for instance: whatever was opened must not keep the process alive.
    await close()
    throw error
  }
}

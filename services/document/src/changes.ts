import type { Change } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import { changesAfter, newestCursor } from './feed.ts'

/** What this service tells others about. */
export type ChangeType = 'project.changed' | 'document.changed' | 'document.deleted'

/** Records a change; the last statement of its transaction, since it holds back all others until the commit. */
export async function recordChange(
  tx: Prisma.TransactionClient,
  organizationId: string,
  type: ChangeType,
  subject: Record<string, string>,
): Promise<void> {
  const json = JSON.stringify({ ...subject, organizationId })
  await tx.$executeRaw`SELECT record_change(${organizationId}, ${type}, ${json}::jsonb)`
}

export interface ReadInput {
  after: number
  limit: number
  /** Seconds to wait for a change when there is none. */
  wait: number
}

/**
 * Changes after a cursor, oldest first. Cursors become visible in their own order (see `record_change`), so nothing
 * ever appears behind a cursor already read. A cursor beyond the newest (the first call of a follower, or a database
 * restored from a backup) is answered at once with the newest.
 */
export async function readChanges(
  ctx: Context,
  { after, limit, wait }: ReadInput,
  signal: AbortSignal,
): Promise<{ changes: Change[]; cursor: number }> {
  const until = performance.now() + wait * 1000
  for (;;) {
    // Begun before reading, so that a change between reading and waiting ends the waiting.
    const woken = wakeup(ctx, Math.max(0, until - performance.now()), signal)
    try {
      const changes = await changesAfter(ctx.db, after, limit)
      const last = changes.at(-1)
      if (last) return { changes, cursor: last.cursor }
      const newest = await newestCursor(ctx.db)
      if (newest < after) return { changes: [], cursor: newest }
      if (newest === after && (signal.aborted || ctx.draining.aborted || performance.now() >= until)) {
        return { changes: [], cursor: after }
      }
      if (newest === after) await woken.ended
    } finally {
      woken.cancel()
    }
  }
}

/** Ends at the next change, after `ms`, or when the asker or this service goes away. */
function wakeup(ctx: Context, ms: number, signal: AbortSignal): { ended: Promise<void>; cancel(): void } {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const unsubscribe = ctx.changed.subscribe({ message: end, state: end })
  const timer = setTimeout(end, ms)
  for (const one of [signal, ctx.draining]) one.addEventListener('abort', end)
  return {
    ended,
    cancel() {
      unsubscribe()
      clearTimeout(timer)
      for (const one of [signal, ctx.draining]) one.removeEventListener('abort', end)
      end()
    },
  }
}

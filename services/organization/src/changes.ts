import type { Change } from '@realtime/contracts'
import { z } from 'zod'
import type { Context } from './context.ts'
import type { Transaction } from './transactions.ts'

/** Longest time without a look at the table, so that a lost NOTIFY costs a second and not a change. */
const LOOK_MS = 1_000

type Subject =
  | { type: 'membership.changed'; organizationId: string; userId: string }
  | { type: 'organization.changed'; organizationId: string }

/**
 * Records a change in the transaction that makes it, as its last statement: it takes a lock that lasts until the
 * commit, by which cursors become visible in their own order and no reader can pass one by.
 */
export async function recordChange(tx: Transaction, { type, ...subject }: Subject): Promise<void> {
  await tx.$executeRaw`SELECT record_change(${type}, ${JSON.stringify(subject)}::jsonb)`
}

/**
 * Changes after a cursor, oldest first; waits up to `wait` seconds for one to come. A cursor beyond the newest is
 * answered at once with the newest: so a reader begins, and so one recovers whose owner restored a backup.
 */
export async function listChanges(
  ctx: Context,
  input: { after: number; limit: number; wait: number },
  gone: AbortSignal,
): Promise<{ changes: Change[]; cursor: number }> {
  const until = performance.now() + input.wait * 1000
  const signal = AbortSignal.any([gone, ctx.draining.signal])
  for (;;) {
    // Listening begins before the look, else a change between both would wake nobody.
    const settled = new AbortController()
    const woken = ctx.wakeups.next(LOOK_MS, AbortSignal.any([signal, settled.signal]))
    const found = await read(ctx, input)
    if (found.changes.length > 0 || found.cursor !== input.after || performance.now() >= until || signal.aborted) {
      settled.abort()
      return found
    }
    await Promise.race([woken, ctx.wakeups.next(Math.max(0, until - performance.now()), settled.signal)])
    settled.abort()
  }
}

async function read(ctx: Context, { after, limit }: { after: number; limit: number }) {
  const rows = await ctx.db.change.findMany({
    where: { cursor: { gt: after } },
    orderBy: { cursor: 'asc' },
    take: limit,
  })
  const last = rows.at(-1) ?? (await ctx.db.change.findFirst({ orderBy: { cursor: 'desc' } }))
  const changes = rows.map((row) => ({
    cursor: Number(row.cursor),
    type: row.type,
    subject: z.record(z.string(), z.string()).parse(row.subject),
    at: row.at.toISOString(),
  }))
  // Between both reads a change may have come: it is after the cursor given, unless none was read.
  const newest = Number(last?.cursor ?? 0)
  return { changes, cursor: changes.length > 0 ? newest : Math.min(after, newest) }
}

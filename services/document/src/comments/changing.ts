import { Problem } from '@realtime/contracts'
import type { DocumentStanding } from '../access.ts'
import { recordChange } from '../changes.ts'
import type { Context } from '../context.ts'
import type { Prisma, Comment as Row, Thread as ThreadRow } from '../database/client.ts'
import { recordInboxes } from '../notifications.ts'

export type Transaction = Prisma.TransactionClient

/** A thread with what was said in it, in its order. */
export type FullThread = ThreadRow & { comments: Row[] }

export const IN_ORDER = [
  { createdAt: 'asc' },
  { id: 'asc' },
] as const satisfies Prisma.CommentOrderByWithRelationInput[]

/** What a change of comments leaves behind: its result, and whose inbox is another now. */
export interface Outcome<T> {
  result: T
  inboxes: string[]
}

/**
 * Changes the comments of a document in a transaction, one change after the other: what is counted and looked at in it
 * holds until its end. Everybody who reads along is told, and those whose inbox is another.
 * @throws Problem `not-found` when the document has gone meanwhile
 */
export async function changeComments<T>(
  ctx: Context,
  { organizationId, resource }: Pick<DocumentStanding, 'organizationId' | 'resource'>,
  work: (tx: Transaction) => Promise<Outcome<T>>,
): Promise<T> {
  const { id, projectId } = resource
  return ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ${`.comments ${id}`}, 0))`
    // Writing goes on beside it; only who deletes it for good waits.
    const there = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM resources WHERE id = ${id} AND trashed_at IS NULL FOR KEY SHARE`
    if (there.length === 0) throw new Problem('not-found')
    const { result, inboxes } = await work(tx)
    await recordInboxes(tx, organizationId, inboxes)
    await recordChange(tx, organizationId, 'comments.changed', { id, projectId })
    return result
  })
}

/** A thread of a document. @throws Problem `not-found`, for threads of other documents as well */
export async function threadIn(
  tx: Pick<Transaction, 'thread'>,
  { id, thread }: { id: string; thread: string },
): Promise<FullThread> {
  const row = await tx.thread.findFirst({
    where: { id: thread, resourceId: id },
    include: { comments: { orderBy: [...IN_ORDER] } },
  })
  if (!row) throw new Problem('not-found')
  return row
}

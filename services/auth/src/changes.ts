import type { Prisma } from './database/client.ts'

type Subject = { type: 'account.deleted'; userId: string }

/**
 * Records a change in the transaction that makes it, as its last statement: it takes a lock that lasts until the
 * commit, by which cursors become visible in their own order and no reader can pass one by.
 */
export async function recordChange(tx: Prisma.TransactionClient, { type, ...subject }: Subject): Promise<void> {
  await tx.$executeRaw`SELECT record_change(${type}, ${JSON.stringify(subject)}::jsonb)`
}

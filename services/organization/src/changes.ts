import type { Transaction } from './transactions.ts'

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

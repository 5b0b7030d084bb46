import type { Transaction } from './transactions.ts'

export type Subject =
  | { type: 'membership.changed'; organizationId: string; userId: string }
  | { type: 'organization.changed'; organizationId: string }
  /** It is gone for good: what others keep of it is to go, too. */
  | { type: 'organization.deleted'; organizationId: string }

/**
 * Records a change in the transaction that makes it, as its last statement: it takes a lock that lasts until the
 * commit, by which cursors become visible in their own order and no reader can pass one by.
 */
export function recordChange(tx: Transaction, subject: Subject): Promise<void> {
  return recordChanges(tx, [subject])
}

/** As `recordChange`, several at once. */
export async function recordChanges(tx: Transaction, subjects: Subject[]): Promise<void> {
  const rows = JSON.stringify(subjects.map(({ type, ...subject }) => ({ type, subject })))
  await tx.$executeRaw`
    SELECT record_change(item->>'type', item->'subject')
    FROM jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS item(item, place) ORDER BY place`
}

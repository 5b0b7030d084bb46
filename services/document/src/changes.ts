import type { Prisma } from './database/client.ts'

/** What this service tells others about. */
export type ChangeType =
  | 'project.changed'
  | 'document.changed'
  | 'document.deleted'
  | 'versions.changed'
  | 'comments.changed'
  | 'access.changed'
  | 'inbox.changed'

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

/**
 * Records a change of each of some resources, in their order; the last statement of its transaction as well. `from` is
 * the project out of which they went.
 */
export async function recordChanges(
  tx: Prisma.TransactionClient,
  organizationId: string,
  type: ChangeType,
  resources: { id: string; projectId: string }[],
  from?: string,
): Promise<void> {
  const json = JSON.stringify(resources.map(({ id, projectId }) => ({ id, projectId, organizationId, from })))
  await tx.$queryRaw`
    SELECT count(record_change(${organizationId}, ${type}, subject)) FROM jsonb_array_elements(${json}::jsonb) AS subject`
}

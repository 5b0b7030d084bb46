import type { Prisma } from './database/client.ts'

/** What this service tells others about. */
export type ChangeType = 'project.changed' | 'document.changed' | 'document.deleted' | 'versions.changed'

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

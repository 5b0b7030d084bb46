import { recordChange } from './changes.ts'
import type { Prisma } from './database/client.ts'

/** Whose access is another from now on. */
export interface AccessChange {
  organizationId: string
  projectId: string
  /** In one document and all below it; left out: in all of the project. */
  id?: string | undefined
}

/**
 * Records that access to a project, or to a document and those below it, is not what it was: whoever keeps them open is
 * asked about again at once. The last statement of its transaction, as `recordChange`; after a move between projects,
 * once with each of them.
 */
export async function recordAccess(
  tx: Prisma.TransactionClient,
  { organizationId, projectId, id }: AccessChange,
): Promise<void> {
  if (id === undefined) return recordChange(tx, organizationId, 'access.changed', { projectId })
  const below = await tx.resource.findFirst({ where: { parentId: id, trashedAt: null }, select: { id: true } })
  await recordChange(tx, organizationId, 'access.changed', { id, projectId, ...(below ? { below: 'true' } : {}) })
}

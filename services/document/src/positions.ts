import { MOST_DEPTH, Problem } from '@realtime/contracts'
import { generateKeyBetween } from 'fractional-indexing'
import type { Prisma } from './database/client.ts'

// Where documents stand: the shape of a tree and the order in it change only in here, under the lock of its project.

type Transaction = Prisma.TransactionClient

/** Longer than any transaction of a tree takes, be it of ten thousand documents. */
export const TREE_TRANSACTION = { maxWait: 10_000, timeout: 60_000 }

/** A place among siblings: below which document (null: at the top), behind which (null: first; undefined: last). */
export interface Spot {
  projectId: string
  parentId: string | null
  after?: string | null | undefined
}

/**
 * Holds the trees of projects until the transaction ends: whoever changes one waits. Always in the order of their ids,
 * so that two who need the same never wait for each other.
 */
export async function holdTrees(tx: Transaction, projectIds: string[]): Promise<void> {
  await tx.$queryRaw`SELECT id FROM projects WHERE id = ANY(${projectIds}) ORDER BY id FOR NO KEY UPDATE`
}

/**
 * The fractional index of a spot in a tree that is held. What is in the trash keeps its place.
 * @throws Problem `conflict` when there is no such sibling any more
 */
export async function positionAt(tx: Transaction, spot: Spot, moving?: string): Promise<string> {
  const { projectId, parentId, after } = spot
  const siblings = { projectId, parentId, ...(moving === undefined ? {} : { id: { not: moving } }) }
  if (after === undefined) {
    const last = await tx.resource.findFirst({ where: siblings, orderBy: [{ parentId: 'desc' }, { position: 'desc' }] })
    return generateKeyBetween(last?.position ?? null, null)
  }
  const before = after === null ? null : await tx.resource.findFirst({ where: { ...siblings, AND: { id: after } } })
  if (before === null && after !== null) {
    throw new Problem('conflict', 'What it should stand behind is not there any more.')
  }
  const next = await tx.resource.findFirst({
    where: { ...siblings, ...(before ? { position: { gt: before.position } } : {}) },
    // As the index has them: see `childrenQuery`.
    orderBy: [{ parentId: 'asc' }, { position: 'asc' }],
  })
  return generateKeyBetween(before?.position ?? null, next?.position ?? null)
}

/**
 * Makes sure that a document may take something below it that is `height` documents high, in a tree that is held.
 * @throws Problem `conflict` when it is gone, lies in another project, below `moving`, or too deep
 */
export async function checkParent(
  tx: Transaction,
  { projectId, parentId }: Spot,
  { height, moving }: { height: number; moving?: string },
): Promise<void> {
  if (parentId === null) return
  const above = await tx.$queryRaw<{ id: string; projectId: string; trashedAt: Date | null }[]>`
    WITH RECURSIVE up AS (
      SELECT id, parent_id, project_id, trashed_at, 1 AS depth FROM resources WHERE id = ${parentId}
      UNION ALL
      SELECT r.id, r.parent_id, r.project_id, r.trashed_at, u.depth + 1
      FROM up u JOIN resources r ON r.id = u.parent_id WHERE u.depth < 1000
    ) SELECT id, project_id AS "projectId", trashed_at AS "trashedAt" FROM up ORDER BY depth`
  const [parent] = above
  if (!parent || parent.trashedAt !== null || parent.projectId !== projectId) {
    throw new Problem('conflict', 'The document it should lie below is not there any more.')
  }
  if (above.some(({ id }) => id === moving)) throw new Problem('conflict', 'A document cannot lie below itself.')
  if (above.length + height > MOST_DEPTH) {
    throw new Problem('conflict', `Documents lie at most ${MOST_DEPTH} deep in each other.`)
  }
}

/** A document with all below it, in the trash or not, the uppermost first. */
export async function subtreeOf(tx: Transaction, id: string): Promise<{ id: string; depth: number }[]> {
  return tx.$queryRaw`
    WITH RECURSIVE down AS (
      SELECT id, 1 AS depth FROM resources WHERE id = ${id}
      UNION ALL
      SELECT r.id, d.depth + 1 FROM down d JOIN resources r ON r.parent_id = d.id WHERE d.depth < 1000
    ) SELECT id, depth FROM down ORDER BY depth`
}

import { recordChanges } from './changes.ts'
import type { Context } from './context.ts'
import { Prisma } from './database/client.ts'
import { holdTrees, TREE_TRANSACTION } from './positions.ts'

type Transaction = Prisma.TransactionClient

/** Tables that keep rows of a resource by its id. */
const TABLES = [
  'updates',
  'client_ids',
  'snapshots',
  'authorship',
  'log_troubles',
  'versions',
  'shares',
  'favourites',
  'visits',
  'search_texts',
  'threads',
  'notifications',
]

/**
 * Deletes resources in the trash for good, with what went there by them and with all that this service keeps of them.
 * `before` is told in the same transaction, which ids go. What was restored meanwhile stays.
 */
export async function purgeResources(
  ctx: Context,
  roots: { id: string; trashedWith: string }[],
  before?: (tx: Transaction, ids: string[]) => Promise<void>,
): Promise<void> {
  for (const root of roots) {
    const files = await ctx.db.$transaction(async (tx) => {
      const found = await tx.resource.findUnique({ where: { id: root.id }, select: { projectId: true } })
      await holdTrees(tx, found ? [found.projectId] : [])
      const rows = await tx.$queryRaw<Doomed[]>`
        WITH RECURSIVE down AS (
          SELECT id FROM resources WHERE id = ${root.id} AND trashed_at IS NOT NULL
          UNION
          SELECT r.id FROM down d JOIN resources r ON r.parent_id = d.id WHERE r.trashed_with = ${root.trashedWith}
        )
        SELECT r.id, r.project_id AS "projectId", r.organization_id AS "organizationId"
        FROM resources r WHERE r.id IN (SELECT id FROM down) ORDER BY r.id FOR UPDATE`
      return purgeRows(tx, rows, before)
    }, TREE_TRANSACTION)
    await forgetFiles(ctx, files)
    for (const organizationId of new Set(files.map((file) => file.organizationId))) ctx.usage.changed(organizationId)
  }
}

/** Deletes all that is kept of an organization that is gone. Again, it changes nothing. */
export async function purgeOrganization(ctx: Context, organizationId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const files = await ctx.db.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<Doomed[]>`
        SELECT id, project_id AS "projectId", organization_id AS "organizationId" FROM resources
        WHERE organization_id = ${organizationId} ORDER BY id LIMIT 100 FOR UPDATE`
      return rows.length === 0 ? null : purgeRows(tx, rows)
    }, TREE_TRANSACTION)
    if (files === null) break
    await forgetFiles(ctx, files)
  }
  if (signal.aborted) return
  await ctx.db.$transaction([
    ctx.db.share.deleteMany({ where: { organizationId } }),
    ctx.db.notification.deleteMany({ where: { organizationId } }),
    ctx.db.project.deleteMany({ where: { organizationId } }),
  ])
}

/**
 * Deletes rows of resources that are not there any more: somebody opened one, or its history was kept, in the moment in
 * which it was purged. Logs take nothing without their resource, and need no look.
 */
export async function purgeStrays(ctx: Context, signal: AbortSignal): Promise<void> {
  for (const table of TABLES) {
    if (table === 'updates' || signal.aborted) continue
    await ctx.db.$executeRaw`
      DELETE FROM ${Prisma.raw(table)} t WHERE t.resource_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM resources r WHERE r.id = t.resource_id)`
  }
}

interface Doomed {
  id: string
  projectId: string
  organizationId: string
}

interface Orphan {
  fileId: string
  organizationId: string
}

/** Answers the files that these resources had. */
async function purgeRows(
  tx: Transaction,
  rows: Doomed[],
  before?: (tx: Transaction, ids: string[]) => Promise<void>,
): Promise<Orphan[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  await before?.(tx, ids)
  await tx.$executeRaw`
    DELETE FROM visitors WHERE link_id IN (SELECT id FROM share_links WHERE resource_id = ANY(${ids}))`
  await tx.shareLink.deleteMany({ where: { resourceId: { in: ids } } })
  for (const table of TABLES) {
    await tx.$executeRaw`DELETE FROM ${Prisma.raw(table)} WHERE resource_id = ANY(${ids})`
  }
  const files = await tx.$queryRaw<Orphan[]>`
    DELETE FROM resource_files WHERE resource_id = ANY(${ids})
    RETURNING file_id AS "fileId", organization_id AS "organizationId"`
  await tx.resource.deleteMany({ where: { id: { in: ids } } })
  for (const organizationId of new Set(rows.map((row) => row.organizationId))) {
    const gone = rows.filter((row) => row.organizationId === organizationId)
    await recordChanges(tx, organizationId, 'document.deleted', gone)
  }
  return files
}

/** Deletes the bytes of files that no resource has any more. An upload of the same bytes waits, or is waited for. */
async function forgetFiles(ctx: Context, files: Orphan[]): Promise<void> {
  const ids = [...new Set(files.map(({ fileId }) => fileId))]
  if (ids.length === 0) return
  await ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE files IN SHARE ROW EXCLUSIVE MODE`
    const gone = await tx.$queryRaw<{ id: string }[]>`
      DELETE FROM files f WHERE f.id = ANY(${ids})
        AND NOT EXISTS (SELECT 1 FROM resource_files rf WHERE rf.file_id = f.id)
      RETURNING f.id`
    await tx.fileChunk.deleteMany({ where: { fileId: { in: gone.map(({ id }) => id) } } })
  })
}

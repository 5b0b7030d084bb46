import { type Actor, Problem, principalOf, type Resource, TRASH_DAYS, type Trashed } from '@realtime/contracts'
import { documentFor, organizationFor } from './access.ts'
import { noteAct } from './audit.ts'
import { recordChanges } from './changes.ts'
import type { Context } from './context.ts'
import { Prisma } from './database/client.ts'
import { withSeenParents } from './parents.ts'
import { holdTrees, positionAt, TREE_TRANSACTION } from './positions.ts'
import { inOrder } from './projects.ts'
import { purgeResources } from './purging.ts'
import { columns, type Leveled, resourceOf, resourcesOf } from './resources.ts'
import { mayDo, type Standing } from './standing.ts'
import { visibleTo } from './visible.ts'

const DAY_MS = 24 * 3_600_000
/** Longest list of what is in the trash; what is older is still there. */
const MOST = 500

/** Moves a resource to the trash, with all below it: their logs take nothing more, and readers find nothing. */
export async function deleteDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<void> {
  const standing = await documentFor(ctx, actor, id, 'delete')
  const { organizationId, resource, project } = standing
  await ctx.db.$transaction(async (tx) => {
    await holdTrees(tx, [resource.projectId])
    const rows = await trashBelow(tx, Prisma.sql`id = ${id}`, principalOf(actor))
    if (rows.length === 0) throw new Problem('not-found')
    const target = { type: 'document', id, name: resource.title }
    const detail = { project: project.name, documents: String(rows.length) }
    await noteAct(tx, standing, { type: 'document.trashed', target, detail })
    await recordChanges(tx, organizationId, 'document.deleted', rows)
  }, TREE_TRANSACTION)
}

/** Trashes those documents that hold `condition`, each with all below that is not in the trash yet. */
export function trashBelow(
  tx: Prisma.TransactionClient,
  condition: Prisma.Sql,
  principal: string,
): Promise<{ id: string; projectId: string }[]> {
  return tx.$queryRaw`
    WITH RECURSIVE down (id, root) AS (
      SELECT id, id FROM resources WHERE ${condition} AND trashed_at IS NULL
      UNION
      SELECT r.id, d.root FROM down d JOIN resources r ON r.parent_id = d.id WHERE r.trashed_at IS NULL
    )
    UPDATE resources r SET trashed_at = now(), trashed_by = ${principal}, trashed_with = d.root
    FROM down d WHERE r.id = d.id RETURNING r.id, r.project_id AS "projectId"`
}

/** What is in the trash of an organization and may be restored by the asker, the newest first. */
export async function listTrash(
  ctx: Context,
  actor: Actor,
  { organization }: { organization: string },
): Promise<{ trashed: Trashed[] }> {
  const standing = await organizationFor(ctx, actor, organization)
  const visible = await visibleTo(ctx, standing, { deleted: true })
  const { ctes, join, sees, level } = visible
  const found = await ctx.db.$queryRaw<(Leveled & { below: number })[]>`
    WITH RECURSIVE ${ctes} SELECT ${columns}, ${level} AS level,
      (SELECT count(*)::int FROM resources b
       WHERE b.organization_id = ${organization} AND b.trashed_at IS NOT NULL AND b.trashed_with = r.id) - 1 AS below
    FROM resources r ${join}
    WHERE r.organization_id = ${organization} AND r.trashed_at IS NOT NULL AND r.trashed_with = r.id
      AND ${sees} AND ${level} IN ('edit', 'manage')
    ORDER BY r.trashed_at DESC, r.id LIMIT ${MOST}`
  const rows = found.filter((row) => mayDo(actor, row.level, 'restore'))
  const documents = await withSeenParents(ctx, visible, await resourcesOf(ctx, standing, rows))
  const trashed = documents.flatMap((document, index) => {
    const row = rows[index]
    if (!row?.trashedAt) return []
    const goesAt = new Date(row.trashedAt.getTime() + TRASH_DAYS * DAY_MS).toISOString()
    const { trashedAt, trashedBy, below } = row
    return { ...document, trashedAt: trashedAt.toISOString(), trashedBy: trashedBy ?? row.createdBy, goesAt, below }
  })
  return { trashed }
}

/**
 * Takes a document out of the trash with what went there by it: to where it was when that is still there, else to the
 * end of its project, else of the first project where the asker may write. What is not in the trash stays as it is.
 * @throws Problem `conflict` when there is no such project
 */
export async function restoreDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<Resource> {
  const standing = await documentFor(ctx, actor, id, 'restore', { trashed: true })
  const { organizationId, resource, project } = standing
  const projectId = project.deletedAt === null ? project.id : await firstProject(ctx, standing)
  await ctx.db.$transaction(async (tx) => {
    await holdTrees(tx, [resource.projectId, projectId])
    const row = await tx.resource.findUnique({ where: { id } })
    if (!row || row.projectId !== resource.projectId) throw new Problem('conflict', 'It was moved meanwhile.')
    if (row.trashedAt === null) return
    const restored = await untrash(tx, row)
    const parent = row.parentId && (await tx.resource.findUnique({ where: { id: row.parentId } }))
    const stays = project.id === projectId && (row.parentId === null || (parent && parent.trashedAt === null))
    if (!stays) {
      const position = await positionAt(tx, { projectId, parentId: null }, id)
      await tx.resource.update({ where: { id }, data: { parentId: null, position } })
    }
    if (project.id !== projectId) await takeAlong(tx, id, projectId)
    const target = { type: 'document', id, name: resource.title }
    const detail = { project: project.name, documents: String(restored.length) }
    await noteAct(tx, standing, { type: 'document.restored', target, detail })
    await recordChanges(
      tx,
      organizationId,
      'document.changed',
      restored.map((one) => ({ id: one.id, projectId })),
    )
  }, TREE_TRANSACTION)
  const now = await documentFor(ctx, actor, id, 'read')
  return resourceOf(ctx, now, now.resource)
}

function untrash(
  tx: Prisma.TransactionClient,
  row: { id: string; trashedWith: string | null },
): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    WITH RECURSIVE down AS (
      SELECT id FROM resources WHERE id = ${row.id}
      UNION
      SELECT r.id FROM down d JOIN resources r ON r.parent_id = d.id WHERE r.trashed_with = ${row.trashedWith}
    )
    UPDATE resources r SET trashed_at = NULL, trashed_by = NULL, trashed_with = NULL
    FROM down d WHERE r.id = d.id RETURNING r.id`
}

/** All below goes to another project too, what is in the trash for other reasons as well. */
async function takeAlong(tx: Prisma.TransactionClient, id: string, projectId: string): Promise<void> {
  await tx.$executeRaw`
    WITH RECURSIVE down AS (
      SELECT id FROM resources WHERE id = ${id}
      UNION
      SELECT r.id FROM down d JOIN resources r ON r.parent_id = d.id
    )
    UPDATE resources r SET project_id = ${projectId} FROM down d WHERE r.id = d.id`
}

async function firstProject(ctx: Context, standing: Standing): Promise<string> {
  const { projects } = await visibleTo(ctx, standing)
  const [first] = [...projects.values()]
    .filter(({ level }) => mayDo(standing.actor, level, 'write'))
    .map(({ project }) => project)
    .sort(inOrder)
  if (!first) throw new Problem('conflict', 'Its project was deleted, and there is none that you may restore it to.')
  return first.id
}

/**
 * Deletes something in the trash for good, with what went there by it.
 * @throws Problem `conflict` when it is not in the trash, `forbidden` for whoever neither manages nor trashed it
 */
export async function purgeDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<void> {
  const standing = await documentFor(ctx, actor, id, 'restore', { trashed: true })
  const { resource, project } = standing
  if (resource.trashedAt === null) throw new Problem('conflict', 'Only what is in the trash can be deleted for good.')
  if (resource.trashedBy !== principalOf(actor)) await documentFor(ctx, actor, id, 'manage', { trashed: true })
  const note = (tx: Prisma.TransactionClient, ids: string[]): Promise<void> =>
    noteAct(tx, standing, {
      type: 'document.purged',
      target: { type: 'document', id, name: resource.title },
      detail: { project: project.name, documents: String(ids.length) },
    })
  await purgeResources(ctx, [{ id, trashedWith: resource.trashedWith ?? id }], note)
}

/** Deletes for good what has been in the trash for its time. */
export async function emptyTrash(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const rows = await ctx.db.$queryRaw<{ id: string; trashedWith: string }[]>`
      SELECT id, trashed_with AS "trashedWith" FROM resources
      WHERE trashed_at < now() - make_interval(days => ${TRASH_DAYS}) AND trashed_with = id
      ORDER BY trashed_at LIMIT 20`
    if (rows.length === 0) break
    for (const row of rows) await purgeResources(ctx, [row])
  }
  await forgetProjects(ctx)
}

/** Forgets projects that were deleted as long ago, once nothing is left of them in the trash. */
async function forgetProjects(ctx: Context): Promise<void> {
  await ctx.db.$executeRaw`
    WITH gone AS (
      DELETE FROM projects p WHERE p.deleted_at < now() - make_interval(days => ${TRASH_DAYS}) AND p.first_of IS NULL
        AND NOT EXISTS (SELECT 1 FROM resources r WHERE r.project_id = p.id)
      RETURNING p.id
    ) DELETE FROM shares s USING gone WHERE s.project_id = gone.id`
}

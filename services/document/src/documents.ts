import { type Actor, type Kind, Problem, principalOf, type Resource } from '@realtime/contracts'
import { resourceKinds, SEED_CLIENT_ID } from '@realtime/resources'
import { documentFor, organizationFor, projectFor } from './access.ts'
import { appendWithin } from './append.ts'
import { type ChangeType, recordChange } from './changes.ts'
import type { Context } from './context.ts'
import { Prisma, type Resource as Row } from './database/client.ts'
import { newEpoch, newId } from './ids.ts'
import { columns, type Leveled, resourceOf, resourcesOf } from './resources.ts'
import { visibleTo } from './visible.ts'

/** What somebody sees of the resources of an organization, or of one of its projects, the last edited first. */
export async function listDocuments(
  ctx: Context,
  actor: Actor,
  input: { organization: string; project?: string },
): Promise<{ documents: Resource[] }> {
  const standing = await organizationFor(ctx, actor, input.organization)
  if (input.project !== undefined) {
    const { project } = await projectFor(ctx, actor, input.project, 'read')
    if (project.organizationId !== input.organization) throw new Problem('not-found')
  }
  const { ctes, join, sees, level } = await visibleTo(ctx, standing)
  const inProject = input.project === undefined ? Prisma.empty : Prisma.sql`AND r.project_id = ${input.project}`
  const rows = await ctx.db.$queryRaw<Leveled[]>`
    WITH RECURSIVE ${ctes} SELECT ${columns}, ${level} AS level FROM resources r ${join}
    WHERE r.organization_id = ${input.organization} AND r.trashed_at IS NULL AND ${sees} ${inProject}
    ORDER BY r.updated_at DESC, r.id`
  return { documents: await resourcesOf(ctx, standing, rows) }
}

/** One resource. */
export async function getDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<Resource> {
  const standing = await documentFor(ctx, actor, id, 'read')
  return resourceOf(ctx, standing, standing.resource)
}

/** Creates a resource in a project. */
export async function createDocument(
  ctx: Context,
  actor: Actor,
  input: { projectId: string; kind: Kind; title: string },
): Promise<Resource> {
  const standing = await projectFor(ctx, actor, input.projectId, 'write')
  const { organizationId } = standing
  const row = await insertDocument(ctx, { ...input, organizationId, createdBy: principalOf(actor) })
  return resourceOf(ctx, standing, row)
}

/**
 * Inserts a resource with the first content of its kind, in one transaction: nobody ever sees it without, and no
 * client has reason to write it again. Access is the caller's matter.
 */
export async function insertDocument(
  ctx: Context,
  input: { projectId: string; organizationId: string; kind: Kind; title: string; createdBy: string },
): Promise<Row> {
  return ctx.db.$transaction(async (tx) => {
    const created = await tx.resource.create({ data: { id: newId(), epoch: newEpoch(), ...input } })
    await appendWithin(tx, created, {
      principal: input.createdBy,
      origin: 'create',
      clientIds: [SEED_CLIENT_ID],
      update: resourceKinds[input.kind].create(),
    })
    const row = await tx.resource.findUniqueOrThrow({ where: { id: created.id } })
    await recordDocument(tx, row, 'document.changed')
    return row
  })
}

/** Changes the title of a resource. */
export async function updateDocument(
  ctx: Context,
  actor: Actor,
  { id, title }: { id: string; title?: string | undefined },
): Promise<Resource> {
  const standing = await documentFor(ctx, actor, id, 'write')
  const row = await ctx.db.$transaction(async (tx) => {
    const row = await tx.resource.update({
      where: { id },
      data: { ...(title === undefined ? {} : { title }), updatedAt: new Date() },
    })
    await recordDocument(tx, row, 'document.changed')
    return row
  })
  return resourceOf(ctx, standing, row)
}

/** Moves a resource to the trash: its log takes nothing more, and readers find nothing. */
export async function deleteDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<void> {
  await documentFor(ctx, actor, id, 'delete')
  await ctx.db.$transaction(async (tx) => {
    const trashedAt = new Date()
    const { count } = await tx.resource.updateMany({ where: { id, trashedAt: null }, data: { trashedAt } })
    if (count === 0) throw new Problem('not-found')
    const row = await tx.resource.findUniqueOrThrow({ where: { id } })
    await recordDocument(tx, row, 'document.deleted')
  })
}

function recordDocument(tx: Prisma.TransactionClient, row: Row, type: ChangeType): Promise<void> {
  return recordChange(tx, row.organizationId, type, { id: row.id, projectId: row.projectId })
}

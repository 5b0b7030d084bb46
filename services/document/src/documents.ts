import {
  type Actor,
  cover,
  type Kind,
  kind,
  type Permission,
  Problem,
  principalOf,
  type Resource,
} from '@realtime/contracts'
import { resourceKinds, SEED_CLIENT_ID } from '@realtime/resources'
import { documentFor, organizationFor, projectFor } from './access.ts'
import { appendWithin } from './append.ts'
import { type ChangeType, recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Prisma, Resource as Row } from './database/client.ts'
import { newEpoch, newId } from './ids.ts'

/** The resources of an organization, or of one of its projects, the last edited first. */
export async function listDocuments(
  ctx: Context,
  actor: Actor,
  input: { organization: string; project?: string },
): Promise<{ documents: Resource[] }> {
  const { permission } = await organizationFor(ctx, actor, input.organization, 'read')
  if (input.project !== undefined) {
    const { project } = await projectFor(ctx, actor, input.project, 'read')
    if (project.organizationId !== input.organization) throw new Problem('not-found')
  }
  const rows = await ctx.db.resource.findMany({
    where: { organizationId: input.organization, projectId: input.project, trashedAt: null },
    orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
  })
  return { documents: rows.map((row) => resourceOf(row, permission)) }
}

/** One resource. */
export async function getDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<Resource> {
  const { resource, permission } = await documentFor(ctx, actor, id, 'read')
  return resourceOf(resource, permission)
}

/** Creates a resource in a project. */
export async function createDocument(
  ctx: Context,
  actor: Actor,
  input: { projectId: string; kind: Kind; title: string },
): Promise<Resource> {
  const { project, permission } = await projectFor(ctx, actor, input.projectId, 'write')
  const { organizationId } = project
  return resourceOf(await insertDocument(ctx, { ...input, organizationId, createdBy: principalOf(actor) }), permission)
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
  const { permission } = await documentFor(ctx, actor, id, 'write')
  return ctx.db.$transaction(async (tx) => {
    const row = await tx.resource.update({
      where: { id },
      data: { ...(title === undefined ? {} : { title }), updatedAt: new Date() },
    })
    await recordDocument(tx, row, 'document.changed')
    return resourceOf(row, permission)
  })
}

/** Moves a resource to the trash: its log takes nothing more, and readers find nothing. */
export async function deleteDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<void> {
  await documentFor(ctx, actor, id, 'write')
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

function resourceOf(row: Row, permission: Permission): Resource {
  const { id, projectId, organizationId, title, epoch, createdBy } = row
  return {
    id,
    projectId,
    organizationId,
    kind: kind.parse(row.kind),
    title,
    epoch,
    parentId: row.parentId,
    hasChildren: false,
    icon: row.icon,
    cover: cover.nullable().parse(row.cover),
    favourite: false,
    shared: false,
    permission,
    level: permission === 'write' ? 'edit' : 'view',
    createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

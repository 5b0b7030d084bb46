import { type Actor, level, type Project, principalOf, projectAccess } from '@realtime/contracts'
import { organizationFor, projectFor } from './access.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Prisma, Project as Row } from './database/client.ts'
import { newId } from './ids.ts'

const FIRST_NAME = 'Getting started'

/** The projects of an organization, oldest first. */
export async function listProjects(
  ctx: Context,
  actor: Actor,
  { organization }: { organization: string },
): Promise<{ projects: Project[] }> {
  await organizationFor(ctx, actor, organization, 'read')
  const rows = await ctx.db.project.findMany({
    where: { organizationId: organization },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  return { projects: rows.map(projectOf) }
}

/** Creates a project. */
export async function createProject(
  ctx: Context,
  actor: Actor,
  input: { organizationId: string; name: string },
): Promise<Project> {
  await organizationFor(ctx, actor, input.organizationId, 'write')
  return ctx.db.$transaction(async (tx) => {
    const row = await tx.project.create({ data: { id: newId(), createdBy: principalOf(actor), ...input } })
    await recordProject(tx, row)
    return projectOf(row)
  })
}

/** The first project of an organization; the first who asks creates it, however many ask at once. */
export async function ensureFirstProject(
  ctx: Context,
  actor: Actor,
  { organization }: { organization: string },
): Promise<Project> {
  await organizationFor(ctx, actor, organization, 'read')
  const known = await ctx.db.project.findUnique({ where: { firstOf: organization } })
  if (known) return projectOf(known)
  await organizationFor(ctx, actor, organization, 'write')
  return ctx.db.$transaction(async (tx) => {
    const data = {
      id: newId(),
      organizationId: organization,
      firstOf: organization,
      name: FIRST_NAME,
      createdBy: principalOf(actor),
    }
    const { count } = await tx.project.createMany({ data: [data], skipDuplicates: true })
    const row = await tx.project.findUniqueOrThrow({ where: { firstOf: organization } })
    if (count > 0) await recordProject(tx, row)
    return projectOf(row)
  })
}

/** Renames a project. */
export async function updateProject(
  ctx: Context,
  actor: Actor,
  { id, name }: { id: string; name?: string | undefined },
): Promise<Project> {
  await projectFor(ctx, actor, id, 'write')
  return ctx.db.$transaction(async (tx) => {
    const row = await tx.project.update({
      where: { id },
      data: { ...(name === undefined ? {} : { name }), updatedAt: new Date() },
    })
    await recordProject(tx, row)
    return projectOf(row)
  })
}

function recordProject(tx: Prisma.TransactionClient, row: Row): Promise<void> {
  return recordChange(tx, row.organizationId, 'project.changed', { id: row.id })
}

function projectOf({ id, organizationId, name, icon, createdAt, ...row }: Row): Project {
  return {
    id,
    organizationId,
    name,
    icon,
    access: projectAccess.parse(row.access),
    memberLevel: level.parse(row.memberLevel),
    level: 'edit',
    createdAt: createdAt.toISOString(),
  }
}

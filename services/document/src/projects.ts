import {
  type Actor,
  type Level,
  Problem,
  type Project,
  type ProjectAccess,
  principalOf,
  userOf,
} from '@realtime/contracts'
import { organizationFor, type ProjectStanding, projectFor } from './access.ts'
import { recordAccess } from './access-changes.ts'
import { noteAct } from './audit.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Prisma, Project as Row } from './database/client.ts'
import { newId } from './ids.ts'
import { TREE_TRANSACTION } from './positions.ts'
import { projectOf } from './resources.ts'
import { seedProject } from './seeding/seeding.ts'
import { visibleTo } from './visible.ts'

const FIRST_NAME = 'Getting started'

/** The projects of an organization that somebody sees, in their order, those without a place by age behind them. */
export async function listProjects(
  ctx: Context,
  actor: Actor,
  { organization }: { organization: string },
): Promise<{ projects: Project[] }> {
  const { projects } = await visibleTo(ctx, await organizationFor(ctx, actor, organization))
  const rows = [...projects.values()].sort(({ project: one }, { project: other }) => inOrder(one, other))
  return { projects: rows.map(({ project, level }) => projectOf(project, level)) }
}

/** Creates a project; whoever does manages it. */
export async function createProject(
  ctx: Context,
  actor: Actor,
  input: { organizationId: string; name: string; access: ProjectAccess },
): Promise<Project> {
  const standing = await organizationFor(ctx, actor, input.organizationId, 'write')
  const row = await ctx.db.$transaction(async (tx) => {
    const row = await tx.project.create({ data: { id: newId(), createdBy: principalOf(actor), ...input } })
    await giveToCreator(tx, row, actor)
    const target = { type: 'project', id: row.id, name: row.name }
    await noteAct(tx, standing, { type: 'project.created', target, detail: { access: row.access } })
    await recordProject(tx, row)
    return row
  })
  return projectOf(row, (await projectFor(ctx, actor, row.id, 'read')).level)
}

/**
 * The first project of an organization; the first who asks creates it, however many ask at once. Who does not see it is
 * answered the first that they see.
 * @throws Problem `not-found` for whoever is no member or sees no project, `forbidden` for guests while there is none
 */
export async function ensureFirstProject(
  ctx: Context,
  actor: Actor,
  { organization }: { organization: string },
): Promise<Project> {
  const standing = await organizationFor(ctx, actor, organization)
  const known = await ctx.db.project.findUnique({ where: { firstOf: organization } })
  if (!known) {
    await organizationFor(ctx, actor, organization, 'write')
    await createFirst(ctx, actor, organization)
  }
  const seen = [...(await visibleTo(ctx, standing)).projects.values()]
  seen.sort(({ project: one }, { project: other }) => inOrder(one, other))
  const first = seen.find(({ project }) => project.firstOf === organization) ?? seen[0]
  if (!first) throw new Problem('not-found', 'There is no project here that you may see.')
  return projectOf(first.project, first.level)
}

async function createFirst(ctx: Context, actor: Actor, organizationId: string): Promise<void> {
  const seeded = await ctx.db.$transaction(async (tx) => {
    const createdBy = principalOf(actor)
    const data = { id: newId(), organizationId, firstOf: organizationId, name: FIRST_NAME, createdBy }
    const { count } = await tx.project.createMany({ data: [data], skipDuplicates: true })
    if (count === 0) return []
    const row = await tx.project.findUniqueOrThrow({ where: { id: data.id } })
    await giveToCreator(tx, row, actor)
    const ids = await seedProject(tx, row)
    await recordProject(tx, row)
    return ids
  }, TREE_TRANSACTION)
  for (const id of seeded) ctx.texts.look(id)
}

/**
 * Renames a project or gives it another icon; who sees it, and what members may do, is for those who manage it. Whoever
 * makes it private still manages it.
 * @throws Problem `not-found`, `forbidden`
 */
export async function updateProject(
  ctx: Context,
  actor: Actor,
  input: { id: string; name?: string; icon?: string | null; access?: ProjectAccess; memberLevel?: Level },
): Promise<Project> {
  const { id, ...data } = input
  const opens = data.access !== undefined || data.memberLevel !== undefined
  const standing = await projectFor(ctx, actor, id, opens ? 'manage' : 'write')
  const row = await ctx.db.$transaction(async (tx) => {
    const row = await tx.project.update({ where: { id }, data: { ...data, updatedAt: new Date() } })
    if (opens) {
      if (row.access === 'private') await keepManager(tx, standing)
      const { access, memberLevel } = row
      const target = { type: 'project', id, name: row.name }
      const before = { accessBefore: standing.project.access, memberLevelBefore: standing.project.memberLevel }
      await noteAct(tx, standing, {
        type: 'project.access-changed',
        target,
        detail: { access, memberLevel, ...before },
      })
    }
    await recordProject(tx, row)
    if (opens) await recordAccess(tx, { organizationId: row.organizationId, projectId: id })
    return row
  })
  return projectOf(row, (await projectFor(ctx, actor, id, 'read')).level)
}

/** Gives whoever makes a project private what they had by their role: else it would be hidden from them. */
async function keepManager(tx: Prisma.TransactionClient, { project, actor, userId }: ProjectStanding): Promise<void> {
  if (userId === null) return
  const { id: projectId, organizationId } = project
  const createdBy = principalOf(actor)
  await tx.share.upsert({
    where: { projectId_userId: { projectId, userId } },
    create: { id: newId(), organizationId, projectId, userId, level: 'manage', createdBy },
    update: { level: 'manage' },
  })
}

async function giveToCreator(tx: Prisma.TransactionClient, row: Row, actor: Actor): Promise<void> {
  const userId = userOf(actor)
  const { id: projectId, organizationId, createdBy } = row
  if (userId === null) return
  await tx.share.create({ data: { id: newId(), organizationId, projectId, userId, level: 'manage', createdBy } })
}

/** The order of projects in the sidebar: by their places, and those without one behind them, by age. */
export function inOrder(one: Row, other: Row): number {
  if (one.position !== other.position) {
    if (one.position === null || other.position === null) return one.position === null ? 1 : -1
    return one.position < other.position ? -1 : 1
  }
  return one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1)
}

/** Tells that a project is not what it was. */
export function recordProject(tx: Prisma.TransactionClient, row: Row): Promise<void> {
  return recordChange(tx, row.organizationId, 'project.changed', { id: row.id })
}

import { type Actor, Problem, principalOf } from '@realtime/contracts'
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'
import { projectFor } from './access.ts'
import { noteAct } from './audit.ts'
import { recordChanges } from './changes.ts'
import type { Context } from './context.ts'
import { Prisma, type Project } from './database/client.ts'
import { holdTrees, TREE_TRANSACTION } from './positions.ts'
import { inOrder, recordProject } from './projects.ts'
import { trashBelow } from './trash.ts'

/**
 * Puts a project behind another in the sidebar of everybody, or first.
 * @throws Problem `conflict` when there is no such other project
 */
export async function moveProject(
  ctx: Context,
  actor: Actor,
  { id, after }: { id: string; after: string | null },
): Promise<void> {
  const { organizationId } = await projectFor(ctx, actor, id, 'manage')
  // Behind one that they may not know of nobody puts anything.
  if (after !== null) await projectFor(ctx, actor, after, 'read')
  await ctx.db.$transaction(async (tx) => {
    const all = await holdProjects(tx, organizationId)
    const others = all.filter((project) => project.id !== id)
    const index = after === null ? 0 : others.findIndex((project) => project.id === after) + 1
    if (after !== null && index === 0) throw new Problem('conflict', 'There is no such other project here.')
    await placeAll(tx, others)
    const position = generateKeyBetween(others[index - 1]?.position ?? null, others[index]?.position ?? null)
    const row = await tx.project.update({ where: { id }, data: { position } })
    await recordProject(tx, row)
  })
}

/** Gives all of them places, unless each has one of its own. */
async function placeAll(tx: Prisma.TransactionClient, projects: Project[]): Promise<void> {
  const places = new Set(projects.map(({ position }) => position))
  if (!places.has(null) && places.size === projects.length) return
  const keys = generateNKeysBetween(null, null, projects.length)
  for (const [index, project] of projects.entries()) {
    const position = keys[index] ?? null
    project.position = position
    await tx.project.update({ where: { id: project.id }, data: { position } })
  }
}

/**
 * Deletes a project; what is in it goes to the trash, each at the top of it with all below.
 * @throws Problem `conflict` for the last project of an organization
 */
export async function deleteProject(ctx: Context, actor: Actor, { id }: { id: string }): Promise<void> {
  const standing = await projectFor(ctx, actor, id, 'manage')
  const { organizationId, project } = standing
  await ctx.db.$transaction(async (tx) => {
    const all = await holdProjects(tx, organizationId)
    if (!all.some((one) => one.id === id)) throw new Problem('not-found')
    if (all.length === 1) throw new Problem('conflict', 'The last project of an organization stays.')
    const row = await tx.project.update({ where: { id }, data: { deletedAt: new Date() } })
    const top = Prisma.sql`project_id = ${id} AND parent_id IS NULL`
    const trashed = await trashBelow(tx, top, principalOf(actor))
    const target = { type: 'project', id, name: project.name }
    await noteAct(tx, standing, { type: 'project.deleted', target, detail: { documents: String(trashed.length) } })
    await recordChanges(tx, organizationId, 'document.deleted', trashed)
    await recordProject(tx, row)
  }, TREE_TRANSACTION)
}

/** The projects of an organization in their order, all of them held. */
async function holdProjects(tx: Prisma.TransactionClient, organizationId: string): Promise<Project[]> {
  const ids = await tx.project.findMany({ where: { organizationId }, select: { id: true } })
  await holdTrees(
    tx,
    ids.map(({ id }) => id),
  )
  const projects = await tx.project.findMany({ where: { organizationId, deletedAt: null } })
  return projects.sort(inOrder)
}

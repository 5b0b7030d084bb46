import { type Actor, Problem, type Resource } from '@realtime/contracts'
import { type DocumentStanding, documentFor, projectFor } from './access.ts'
import { recordAccess } from './access-changes.ts'
import { noteAct } from './audit.ts'
import { recordChanges } from './changes.ts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import { checkParent, holdTrees, positionAt, type Spot, subtreeOf, TREE_TRANSACTION } from './positions.ts'
import { resourceOf } from './resources.ts'

/** How often a move begins anew because somebody else moved it to another project meanwhile. */
const TRIES = 5

/**
 * Puts a document, with all below it, somewhere else. Two who move the same one do so one after the other.
 * @throws Problem `conflict` when that is below itself, too deep, in another organization, or beside what is not there
 * any more; `forbidden` for whoever may not take it out of its project
 */
export async function moveDocument(ctx: Context, actor: Actor, input: { id: string } & Spot): Promise<Resource> {
  for (let attempt = 1; ; attempt++) {
    const standing = await documentFor(ctx, actor, input.id, 'write')
    await checkTarget(ctx, actor, standing, input)
    const { projectId: source } = standing.resource
    const moved = await ctx.db.$transaction(async (tx) => {
      await holdTrees(tx, [source, input.projectId])
      const row = await tx.resource.findUniqueOrThrow({ where: { id: input.id } })
      if (row.trashedAt !== null) throw new Problem('not-found')
      // It was moved between the look at it and the lock.
      return row.projectId === source && (await moveWithin(tx, standing, input))
    }, TREE_TRANSACTION)
    if (moved) return resourceOf(ctx, await documentFor(ctx, actor, input.id, 'read'), moved)
    if (attempt === TRIES) throw new Problem('conflict', 'Others are moving it at this moment.')
  }
}

/** Whoever puts something somewhere may write there; out of its project it takes `manage`. */
async function checkTarget(ctx: Context, actor: Actor, { resource }: DocumentStanding, spot: Spot): Promise<void> {
  const target =
    spot.parentId === null
      ? await projectFor(ctx, actor, spot.projectId, 'write')
      : await documentFor(ctx, actor, spot.parentId, 'write')
  if (target.project.id !== spot.projectId) {
    throw new Problem('conflict', 'The document it should lie below is not in that project.')
  }
  if (target.organizationId !== resource.organizationId) {
    throw new Problem('conflict', 'Documents stay in their organization.')
  }
  if (spot.projectId !== resource.projectId) await documentFor(ctx, actor, resource.id, 'manage')
}

async function moveWithin(tx: Prisma.TransactionClient, standing: DocumentStanding, spot: Spot) {
  const { resource, project } = standing
  const { id, organizationId } = resource
  const { projectId, parentId } = spot
  const below = await subtreeOf(tx, id)
  const height = below.at(-1)?.depth ?? 1
  await checkParent(tx, spot, { height, moving: id })
  const position = await positionAt(tx, spot, id)
  const elsewhere = projectId !== project.id
  if (elsewhere) {
    await tx.resource.updateMany({ where: { id: { in: below.map((one) => one.id) } }, data: { projectId } })
  }
  const row = await tx.resource.update({ where: { id }, data: { parentId, position } })
  if (elsewhere || parentId !== resource.parentId) {
    const to = await tx.project.findUniqueOrThrow({ where: { id: projectId }, select: { name: true } })
    await noteAct(tx, standing, {
      type: 'document.moved',
      target: { type: 'document', id, name: resource.title },
      detail: { from: project.name, to: to.name },
    })
  }
  const changed = elsewhere ? below : [{ id }]
  await recordChanges(
    tx,
    organizationId,
    'document.changed',
    changed.map((one) => ({ id: one.id, projectId })),
    elsewhere ? project.id : undefined,
  )
  if (elsewhere) await recordAccess(tx, { organizationId, projectId: project.id, id })
  if (elsewhere || parentId !== resource.parentId) await recordAccess(tx, { organizationId, projectId, id })
  return row
}

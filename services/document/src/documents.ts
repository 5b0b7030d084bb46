import { type Actor, type Cover, type Kind, Problem, principalOf, type Resource, speakerOf } from '@realtime/contracts'
import { resourceKinds, SEED_CLIENT_ID } from '@realtime/resources'
import { documentFor, organizationFor, projectFor } from './access.ts'
import { appendWithin } from './append.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import { Prisma, type Resource as Row } from './database/client.ts'
import { newEpoch, newId } from './ids.ts'
import { withSeenParents } from './parents.ts'
import { checkParent, holdTrees, positionAt, TREE_TRANSACTION } from './positions.ts'
import { columns, type Leveled, resourceOf, resourcesOf } from './resources.ts'
import { visibleTo } from './visible.ts'

/** Longest list that is not paged: more are found by `listChildren` and by search. */
const MOST = 500

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
  const visible = await visibleTo(ctx, standing)
  const { ctes, join, sees, level } = visible
  const inProject = input.project === undefined ? Prisma.empty : Prisma.sql`AND r.project_id = ${input.project}`
  const rows = await ctx.db.$queryRaw<Leveled[]>`
    WITH RECURSIVE ${ctes} SELECT ${columns}, ${level} AS level FROM resources r ${join}
    WHERE r.organization_id = ${input.organization} AND r.trashed_at IS NULL AND ${sees} ${inProject}
    ORDER BY r.updated_at DESC, r.id LIMIT ${MOST}`
  return { documents: await withSeenParents(ctx, visible, await resourcesOf(ctx, standing, rows)) }
}

/** One resource. */
export async function getDocument(ctx: Context, actor: Actor, { id }: { id: string }): Promise<Resource> {
  const standing = await documentFor(ctx, actor, id, 'read')
  return resourceOf(ctx, standing, standing.resource)
}

/**
 * Creates a resource at the end of a project, or of what lies below a document of it.
 * @throws Problem `conflict` when the document is in another project, or lies too deep
 */
export async function createDocument(
  ctx: Context,
  actor: Actor,
  input: { projectId: string; parentId?: string | null; kind: Kind; title: string },
): Promise<Resource> {
  const { projectId, parentId = null } = input
  const standing =
    parentId === null
      ? await projectFor(ctx, actor, projectId, 'write')
      : await documentFor(ctx, actor, parentId, 'write')
  if (standing.project.id !== projectId) {
    throw new Problem('conflict', 'The document it should lie below is not in that project.')
  }
  const { organizationId } = standing
  const row = await insertDocument(ctx, { ...input, parentId, organizationId, ...creatorOf(actor) })
  return resourceOf(ctx, standing, row)
}

/** Whose resource it is to be: a key makes it for its person, and writes its first content itself. */
export function creatorOf(actor: Actor): { createdBy: string; principal: string } {
  return { createdBy: speakerOf(actor), principal: principalOf(actor) }
}

/** A resource to be, and where it is to stand. */
export interface NewDocument {
  projectId: string
  organizationId: string
  parentId?: string | null
  /** Behind which sibling; the last unless told. */
  after?: string
  kind: Kind
  title: string
  icon?: string | null
  cover?: Cover | null
  createdBy: string
  /** Who writes its first content, if not they. */
  principal?: string
  /** What is written over the first content of its kind. */
  content?: { update: Uint8Array; clientIds: number[] } | null
}

/** Inserts a resource in a transaction of its own. Access is the caller's matter. @throws Problem as `insertWithin` */
export async function insertDocument(ctx: Context, input: NewDocument): Promise<Row> {
  const row = await ctx.db.$transaction(async (tx) => {
    const row = await insertWithin(tx, input)
    await recordDocument(tx, row)
    return row
  }, TREE_TRANSACTION)
  ctx.texts.look(row.id)
  return row
}

/**
 * Inserts a resource with the first content of its kind, in one transaction: nobody ever sees it without, and no
 * client has reason to write it again. Whoever calls it records the change.
 * @throws Problem `conflict` when there is no such place
 */
export async function insertWithin(tx: Prisma.TransactionClient, input: NewDocument): Promise<Row> {
  const { content, after, principal = input.createdBy, ...fields } = input
  const spot = { projectId: input.projectId, parentId: input.parentId ?? null, after }
  await holdTrees(tx, [spot.projectId])
  await checkParent(tx, spot, { height: 1 })
  const position = await positionAt(tx, spot)
  const data = { id: newId(), epoch: newEpoch(), ...fields, cover: fields.cover ?? Prisma.DbNull, position }
  const created = await tx.resource.create({ data })
  const by = { principal, origin: 'create' } as const
  await appendWithin(tx, created, { ...by, clientIds: [SEED_CLIENT_ID], update: resourceKinds[input.kind].create() })
  if (content) await appendWithin(tx, created, { ...by, ...content })
  return tx.resource.findUniqueOrThrow({ where: { id: created.id } })
}

/**
 * Changes the title, icon or cover of a resource.
 * @throws Problem `invalid-file` for a cover that is no picture of it
 */
export async function updateDocument(
  ctx: Context,
  actor: Actor,
  { id, cover, ...input }: { id: string; title?: string; icon?: string | null; cover?: Cover | null },
): Promise<Resource> {
  const standing = await documentFor(ctx, actor, id, 'write')
  const row = await ctx.db.$transaction(async (tx) => {
    if (cover?.type === 'file') await checkCover(tx, id, cover.file)
    const data = { ...input, ...(cover === undefined ? {} : { cover: cover ?? Prisma.DbNull }) }
    const row = await tx.resource.update({ where: { id }, data: { ...data, updatedAt: new Date() } })
    await recordDocument(tx, row)
    return row
  })
  if (input.title !== undefined) ctx.texts.look(id)
  return resourceOf(ctx, standing, row)
}

async function checkCover(tx: Prisma.TransactionClient, resourceId: string, fileId: string): Promise<void> {
  const has = await tx.resourceFile.findUnique({ where: { resourceId_fileId: { resourceId, fileId } } })
  if (!has) throw new Problem('invalid-file', 'The cover is no picture that was stored with this document.')
}

function recordDocument(tx: Prisma.TransactionClient, row: Row): Promise<void> {
  return recordChange(tx, row.organizationId, 'document.changed', { id: row.id, projectId: row.projectId })
}

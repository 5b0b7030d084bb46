import { type Actor, cover, kind, Problem, principalOf, type Resource } from '@realtime/contracts'
import { resourceKinds } from '@realtime/resources'
import { type DocumentStanding, documentFor, projectFor } from './access.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import { creatorOf, insertWithin } from './documents.ts'
import { TREE_TRANSACTION } from './positions.ts'
import { resourceOf } from './resources.ts'
import { newestState } from './state.ts'

const LONGEST_TITLE = 300

/**
 * Makes a copy of a document beside it, with its content as it is now, written anew: nothing in it is anybody's edit of
 * before. What lies below it, its history, shares and links stay behind.
 * @throws Problem `forbidden` for whoever may not write where it lies
 */
export async function duplicateDocument(
  ctx: Context,
  actor: Actor,
  { id, title }: { id: string; title?: string | undefined },
): Promise<Resource> {
  const source = await documentFor(ctx, actor, id, 'export')
  const { resource, organizationId } = source
  const standing = await placeBeside(ctx, actor, source)
  const { epoch, seq } = resource
  const state = await newestState(ctx, { id, epoch, seq: Number(seq) })
  const type = kind.parse(resource.kind)
  const content = await ctx.past.revert({ kind: type, state: resourceKinds[type].create(), past: state.bytes })
  const copy = await ctx.db.$transaction(async (tx) => {
    const row = await insertWithin(tx, {
      organizationId,
      projectId: resource.projectId,
      parentId: resource.parentId,
      after: id,
      kind: type,
      title: title ?? copyTitle(resource.title),
      icon: resource.icon,
      cover: cover.nullable().parse(resource.cover),
      ...creatorOf(actor),
      content,
    })
    // Files that nobody has any more are deleted under a lock that this one waits for.
    await tx.$executeRaw`LOCK TABLE files IN ROW EXCLUSIVE MODE`
    await tx.$executeRaw`
      INSERT INTO resource_files (resource_id, file_id, organization_id, principal)
      SELECT ${row.id}, file_id, organization_id, ${principalOf(actor)} FROM resource_files WHERE resource_id = ${id}`
    await recordChange(tx, organizationId, 'document.changed', { id: row.id, projectId: row.projectId })
    return row
  }, TREE_TRANSACTION)
  ctx.texts.look(copy.id)
  return resourceOf(ctx, standing, copy)
}

/** The standing of the asker where the copy is to lie. */
async function placeBeside(ctx: Context, actor: Actor, { resource }: DocumentStanding) {
  try {
    return resource.parentId === null
      ? await projectFor(ctx, actor, resource.projectId, 'write')
      : await documentFor(ctx, actor, resource.parentId, 'write')
  } catch (error) {
    const refused = error instanceof Problem && ['not-found', 'forbidden', 'read-only'].includes(error.key)
    throw refused ? new Problem('forbidden', 'You may not add documents where this one lies.') : error
  }
}

function copyTitle(title: string): string {
  return [...`Copy of ${title === '' ? 'Untitled' : title}`].slice(0, LONGEST_TITLE).join('').slice(0, LONGEST_TITLE)
}

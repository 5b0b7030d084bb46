import { type Actor, Problem, type Resource } from '@realtime/contracts'
import { generateKeyBetween } from 'fractional-indexing'
import { documentFor, organizationFor } from './access.ts'
import type { Context } from './context.ts'
import { visibleAmong } from './tree.ts'

/** Favourites of one person in one organization: nobody scrolls through more. */
const MOST = 500

/** The own favourites in an organization, in their order; those that are not to be seen any more are left out. */
export async function listFavourites(
  ctx: Context,
  actor: Actor,
  { organization }: { organization: string },
): Promise<{ documents: Resource[] }> {
  const standing = await organizationFor(ctx, actor, organization)
  const { userId } = standing
  if (userId === null) return { documents: [] }
  const rows = await ctx.db.favourite.findMany({
    where: { userId, organizationId: organization },
    orderBy: [{ position: 'asc' }, { resourceId: 'asc' }],
    take: MOST,
  })
  const ids = rows.map(({ resourceId }) => resourceId)
  return { documents: inOrderOf(ids, await visibleAmong(ctx, standing, ids)) }
}

/** Resources in the order of ids; those that are not among them are left out. */
export function inOrderOf(ids: string[], documents: Resource[]): Resource[] {
  const byId = new Map(documents.map((document) => [document.id, document]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/**
 * Makes a document a favourite, the last one unless told otherwise, or moves it behind another one (null: first).
 * @throws Problem `conflict` when that is none of the own favourites
 */
export async function addFavourite(
  ctx: Context,
  actor: Actor,
  { id, after }: { id: string; after?: string | null | undefined },
): Promise<void> {
  const { userId, organizationId } = await documentFor(ctx, actor, id, 'read')
  if (userId === null) throw new Problem('forbidden')
  await ctx.db.$transaction(async (tx) => {
    // One after the other for a person: two tabs would choose the same place.
    await tx.$queryRaw`
      SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(current_schema() || '.favourites.' || ${userId}, 0))`
    const rows = await tx.favourite.findMany({
      where: { userId, organizationId },
      orderBy: [{ position: 'asc' }, { resourceId: 'asc' }],
    })
    const others = rows.filter(({ resourceId }) => resourceId !== id)
    // It is one already, and nobody says where else it should stand.
    if (after === undefined && others.length < rows.length) return
    const index = after === undefined ? others.length : others.findIndex(({ resourceId }) => resourceId === after) + 1
    if (index === 0 && after !== null && after !== undefined)
      throw new Problem('conflict', 'That is no favourite of yours.')
    const position = generateKeyBetween(others[index - 1]?.position ?? null, others[index]?.position ?? null)
    const key = { userId, resourceId: id }
    const create = { ...key, organizationId, position }
    await tx.favourite.upsert({ where: { userId_resourceId: key }, create, update: { position } })
  })
}

/** Makes a document no favourite any more, be it one or not, be it still to be seen or not. */
export async function removeFavourite(ctx: Context, actor: Actor, { id }: { id: string }): Promise<void> {
  if (actor.type !== 'user' && actor.type !== 'key') throw new Problem('forbidden')
  const userId = actor.type === 'user' ? actor.id : actor.userId
  await ctx.db.favourite.deleteMany({ where: { userId, resourceId: id } })
}

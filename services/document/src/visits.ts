import { type Actor, Problem, type Resource } from '@realtime/contracts'
import { documentFor, organizationFor } from './access.ts'
import type { Context } from './context.ts'
import { inOrderOf } from './favourites.ts'
import { visibleAmong } from './tree.ts'

/** Visits that are kept of a person in an organization: some of them may not be seen any more. */
const MOST = 100

/** What the asker opened last in an organization, the newest first. */
export async function listRecent(
  ctx: Context,
  actor: Actor,
  { organization, limit }: { organization: string; limit: number },
): Promise<{ documents: Resource[] }> {
  const standing = await organizationFor(ctx, actor, organization)
  const { userId } = standing
  if (userId === null) return { documents: [] }
  const rows = await ctx.db.visit.findMany({
    where: { userId, organizationId: organization },
    orderBy: [{ at: 'desc' }, { resourceId: 'asc' }],
    take: MOST,
  })
  const ids = rows.map(({ resourceId }) => resourceId)
  return { documents: inOrderOf(ids, await visibleAmong(ctx, standing, ids)).slice(0, limit) }
}

/** Notes that the asker has opened a document; forgets what they opened long ago. */
export async function noteVisit(ctx: Context, actor: Actor, { id }: { id: string }): Promise<void> {
  const { userId, organizationId } = await documentFor(ctx, actor, id, 'read')
  if (userId === null) throw new Problem('forbidden')
  const key = { userId, resourceId: id }
  const at = new Date()
  await ctx.db.visit.upsert({
    where: { userId_resourceId: key },
    create: { ...key, organizationId, at },
    update: { at },
  })
  await ctx.db.$executeRaw`
    DELETE FROM visits v USING (
      SELECT at FROM visits WHERE user_id = ${userId} AND organization_id = ${organizationId}
      ORDER BY at DESC OFFSET ${MOST} LIMIT 1
    ) o WHERE v.user_id = ${userId} AND v.organization_id = ${organizationId} AND v.at <= o.at`
}

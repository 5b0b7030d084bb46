import { type Actor, Problem, type Resource } from '@realtime/contracts'
import { documentFor, organizationFor, projectFor } from './access.ts'
import type { Context } from './context.ts'
import { Prisma } from './database/client.ts'
import { withSeenParents } from './parents.ts'
import { columns, type Leveled, resourcesOf } from './resources.ts'
import type { Standing } from './standing.ts'
import { type Visible, visibleTo } from './visible.ts'

/** Longest list that is not paged. */
const MOST = 500

/**
 * What lies at the top of a project, or below a document, a page in its order.
 * @throws Problem `invalid-input` unless one of both is given, `conflict` when `after` does not lie there any more
 */
export async function listChildren(
  ctx: Context,
  actor: Actor,
  input: {
    project?: string | undefined
    parent?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<{ documents: Resource[]; more: boolean }> {
  const { parent, limit } = input
  if ((input.project === undefined) === (parent === undefined)) {
    throw new Problem('invalid-input', 'query: either a project or a parent')
  }
  const standing =
    parent === undefined
      ? await projectFor(ctx, actor, input.project ?? '', 'read')
      : await documentFor(ctx, actor, parent, 'read')
  // Visitors by a link see one document and nothing around it.
  if (standing.userId === null) return { documents: [], more: false }
  const place = { project: standing.project.id, parent: parent ?? null }
  const last = input.after === undefined ? null : await lastOf(ctx, input.after, place)
  const query = childrenQuery(await visibleTo(ctx, standing), { ...place, last, limit: limit + 1 })
  const rows = await ctx.db.$queryRaw<Leveled[]>(query)
  return { documents: await resourcesOf(ctx, standing, rows.slice(0, limit)), more: rows.length > limit }
}

interface Last {
  id: string
  position: string
}

/** The question for a page of children behind `last`; it reads as many rows as it answers, however many there are. */
export function childrenQuery(
  { ctes, join, sees, level }: Visible,
  { project, parent, last, limit }: { project: string; parent: string | null; last: Last | null; limit: number },
): Prisma.Sql {
  const below = parent === null ? Prisma.sql`c.parent_id IS NULL` : Prisma.sql`c.parent_id = ${parent}`
  const behind = last
    ? Prisma.sql`AND c.position >= ${last.position} AND (c.position > ${last.position} OR c.id > ${last.id})`
    : Prisma.empty
  // The page first: whoever sees what is above sees all of it. The parent is in the order because PostgreSQL does not
  // take `IS NULL` for an equality, and would sort them all.
  return Prisma.sql`
    WITH RECURSIVE ${ctes} SELECT ${columns}, ${level} AS level FROM (
      SELECT * FROM resources c WHERE c.project_id = ${project} AND ${below} AND c.trashed_at IS NULL ${behind}
      ORDER BY c.parent_id, c.position, c.id LIMIT ${limit}
    ) r ${join} WHERE ${sees} ORDER BY r.position, r.id`
}

async function lastOf(ctx: Context, id: string, place: { project: string; parent: string | null }): Promise<Last> {
  const last = await ctx.db.resource.findFirst({
    where: { id, projectId: place.project, parentId: place.parent },
    select: { id: true, position: true },
  })
  if (!last) throw new Problem('conflict', 'The last one of the page is not there any more; begin anew.')
  return last
}

/** The documents above one, from the top, as far as the asker may see them. */
export async function listPath(ctx: Context, actor: Actor, { id }: { id: string }): Promise<{ documents: Resource[] }> {
  const standing = await documentFor(ctx, actor, id, 'read')
  const ids = standing.above.map((one) => one.id)
  const found = await visibleAmong(ctx, standing, ids)
  const documents = ids.reverse().flatMap((one) => found.find((document) => document.id === one) ?? [])
  return { documents }
}

/** Those of some documents that the asker sees, in no order; none of those in the trash. */
export async function visibleAmong(ctx: Context, standing: Standing, ids: string[]): Promise<Resource[]> {
  if (ids.length === 0 || standing.userId === null) return []
  const visible = await visibleTo(ctx, standing)
  const { ctes, join, sees, level } = visible
  const rows = await ctx.db.$queryRaw<Leveled[]>`
    WITH RECURSIVE ${ctes} SELECT ${columns}, ${level} AS level FROM resources r ${join}
    WHERE r.id = ANY(${ids}) AND r.organization_id = ${standing.organizationId} AND r.trashed_at IS NULL AND ${sees}`
  return withSeenParents(ctx, visible, await resourcesOf(ctx, standing, rows))
}

/** What was shared with the asker and lies in no project they see, what was shared last first. */
export async function listSharedWithMe(
  ctx: Context,
  actor: Actor,
  { organization }: { organization: string },
): Promise<{ documents: Resource[] }> {
  const standing = await organizationFor(ctx, actor, organization)
  const visible = await visibleTo(ctx, standing)
  const { ctes, join, level } = visible
  const teams = standing.membership?.teams ?? []
  const rows = await ctx.db.$queryRaw<Leveled[]>`
    WITH RECURSIVE ${ctes},
    given (id, at) AS (
      SELECT s.resource_id, max(s.created_at) FROM shares s
      WHERE s.organization_id = ${organization} AND s.resource_id IS NOT NULL
        AND (s.user_id = ${standing.userId} OR s.team_id = ANY(${teams}))
      GROUP BY s.resource_id
    )
    SELECT ${columns}, ${level} AS level FROM given g JOIN resources r ON r.id = g.id ${join}
    WHERE r.trashed_at IS NULL AND sd.id IS NOT NULL AND sp.id IS NULL
    ORDER BY g.at DESC, r.id LIMIT ${MOST}`
  return { documents: await withSeenParents(ctx, visible, await resourcesOf(ctx, standing, rows)) }
}

import { type Level, levels } from '@realtime/contracts'
import { groundsOf } from './access.ts'
import type { Context } from './context.ts'
import { Prisma, type Project } from './database/client.ts'
import { givensOf } from './places.ts'
import { levelBy, type Standing, waysInto } from './standing.ts'

/** What somebody sees in an organization, for lists. */
export interface Visible {
  /** The projects they see, with what they may do there, in no order. */
  projects: Map<string, { project: Project; level: Level }>
  /** Common table expressions, to stand behind `WITH RECURSIVE`; more may follow behind a comma. */
  ctes: Prisma.Sql
  /** Joins for a query over `resources r`. */
  join: Prisma.Sql
  /** The condition by which of `resources r` only the visible ones are left; those in the trash too. */
  sees: Prisma.Sql
  /** The level of `resources r`, as text. */
  level: Prisma.Sql
}

/**
 * What an actor sees in an organization, for every list of it: by the same rules as the gate (`standing.ts`), with the
 * projects read once and documents found by SQL. `standing` is that of `organizationFor`. For instance:
 *
 *     const { ctes, join, sees, level } = await visibleTo(ctx, standing)
 *     ctx.db.$queryRaw`WITH RECURSIVE ${ctes} SELECT ${columns}, ${level} AS level FROM resources r ${join}
 *       WHERE r.organization_id = ${organizationId} AND r.trashed_at IS NULL AND ${sees}`
 *
 * with `columns` from `resources.ts`. With `deleted`, deleted projects are as if they were there, for the trash.
 */
export async function visibleTo(ctx: Context, standing: Standing, { deleted = false } = {}): Promise<Visible> {
  const { actor, organizationId, userId, membership } = standing
  if (userId === null || !membership) return pieces(new Map(), [])
  const [rows, shares] = await Promise.all([
    ctx.db.project.findMany({ where: { organizationId, ...(deleted ? {} : { deletedAt: null }) } }),
    ctx.db.share.findMany({ where: { organizationId, OR: [{ userId }, { teamId: { in: membership.teams } }] } }),
  ])
  const given = givensOf(shares)
  const onProjects = given.filter(({ projectId }) => projectId !== null)
  const projects: Visible['projects'] = new Map()
  for (const project of rows) {
    const found = levelBy(actor, waysInto({ userId, membership }, groundsOf(project), onProjects))
    if (found) projects.set(project.id, { project, level: found })
  }
  const documents = given.flatMap(({ resourceId, level }) => {
    const found = levelBy(actor, [{ source: 'person', level, from: null, teamId: null }])
    return resourceId !== null && found ? [{ id: resourceId, level: found }] : []
  })
  return pieces(projects, documents)
}

function pieces(projects: Visible['projects'], documents: { id: string; level: Level }[]): Visible {
  const rank = ({ level }: { level: Level }): number => levels.indexOf(level) + 1
  const ids = [...projects.keys()]
  const ranks = [...projects.values()].map(rank)
  const documentIds = documents.map(({ id }) => id)
  const documentRanks = documents.map(rank)
  return {
    projects,
    // Of what was given on documents, only what is more than the project gives is followed down.
    ctes: Prisma.sql`
      seen_projects (id, rank) AS MATERIALIZED (SELECT * FROM unnest(${ids}::text[], ${ranks}::int[])),
      shared_down (id, rank) AS (
        SELECT g.id, g.rank FROM unnest(${documentIds}::text[], ${documentRanks}::int[]) AS g (id, rank)
        JOIN resources o ON o.id = g.id LEFT JOIN seen_projects sp ON sp.id = o.project_id
        WHERE g.rank > coalesce(sp.rank, 0)
        UNION
        SELECT c.id, s.rank FROM shared_down s JOIN resources c ON c.parent_id = s.id
      ),
      shared_documents (id, rank) AS MATERIALIZED (SELECT id, max(rank) FROM shared_down GROUP BY id)`,
    join: Prisma.sql`
      LEFT JOIN seen_projects sp ON sp.id = r.project_id LEFT JOIN shared_documents sd ON sd.id = r.id`,
    sees: Prisma.sql`(sp.id IS NOT NULL OR sd.id IS NOT NULL)`,
    level: Prisma.sql`(${levels}::text[])[greatest(sp.rank, sd.rank)]`,
  }
}

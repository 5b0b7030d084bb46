import { cover, kind, type Level, level, type Project, projectAccess, type Resource } from '@realtime/contracts'
import { seenAbove } from './access.ts'
import type { Context } from './context.ts'
import { Prisma, type Project as ProjectRow, type Resource as Row } from './database/client.ts'
import { type Place, resourceColumns } from './places.ts'
import { permissionOf, type Standing } from './standing.ts'

// How projects and resources look to whoever asks: the one place where rows become answers.

/** Columns of `resources r` for `$queryRaw`, by the names of Prisma's rows. */
export const columns = Prisma.raw(resourceColumns)

/** A row, with the level of whoever asks. */
export type Leveled = Row & { level: Level }

interface Facts {
  id: string
  hasChildren: boolean
  favourite: boolean
  shared: boolean
}

/** Resources as their asker sees them, in the same order; what is not in their rows is asked for all of them at once. */
export async function resourcesOf(
  ctx: Context,
  { userId }: { userId: string | null },
  rows: readonly Leveled[],
): Promise<Resource[]> {
  if (rows.length === 0) return []
  const values = [rows.map(({ id }) => id), userId]
  const found = await ctx.pool.query<Facts>({ name: 'facts', text: FACTS, values })
  const facts = new Map(found.rows.map((row) => [row.id, row]))
  return rows.map((row) => ({
    id: row.id,
    projectId: row.projectId,
    organizationId: row.organizationId,
    kind: kind.parse(row.kind),
    title: row.title,
    epoch: row.epoch,
    parentId: row.parentId,
    hasChildren: facts.get(row.id)?.hasChildren ?? false,
    icon: row.icon,
    cover: cover.nullable().parse(row.cover),
    favourite: facts.get(row.id)?.favourite ?? false,
    shared: facts.get(row.id)?.shared ?? false,
    permission: permissionOf(row.level),
    level: row.level,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }))
}

/** One resource as its asker, with this standing, sees it. Visitors see nothing of what is around it. */
export async function resourceOf(
  ctx: Context,
  standing: Pick<Standing, 'userId' | 'level' | 'ways'> & { above?: Place['above'] },
  row: Row,
): Promise<Resource> {
  const [resource] = await resourcesOf(ctx, standing, [{ ...row, level: standing.level }])
  if (!resource) throw new Error('a resource without an answer')
  if (standing.userId === null) return { ...resource, parentId: null, hasChildren: false, shared: true }
  const { ways, above = [] } = standing
  // Who sees it by a share of its own sees nothing above it.
  const alone = above.length > 0 && seenAbove({ ways, above }).length === 0
  return alone && row.parentId === above[0]?.id ? { ...resource, parentId: null } : resource
}

/** A project as whoever has this level there sees it. */
export function projectOf(row: ProjectRow, own: Level): Project {
  const { id, organizationId, name, icon, createdAt } = row
  return {
    id,
    organizationId,
    name,
    icon,
    access: projectAccess.parse(row.access),
    memberLevel: level.parse(row.memberLevel),
    level: own,
    createdAt: createdAt.toISOString(),
  }
}

const FACTS = `
SELECT r.id,
  EXISTS (SELECT 1 FROM resources c WHERE c.parent_id = r.id AND c.trashed_at IS NULL) AS "hasChildren",
  EXISTS (SELECT 1 FROM favourites f WHERE f.resource_id = r.id AND f.user_id = $2) AS favourite,
  EXISTS (SELECT 1 FROM shares s WHERE s.resource_id = r.id) OR EXISTS (
    SELECT 1 FROM share_links l
    WHERE l.resource_id = r.id AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > now())
  ) AS shared
FROM unnest($1::text[]) AS r (id)`

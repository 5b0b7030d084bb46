import { cover, level, projectAccess } from '@realtime/contracts'
import { z } from 'zod'
import type { Context } from './context.ts'
import type { Resource } from './database/client.ts'
import type { Given, Grounds } from './standing.ts'

/** A document and all that decides who may do what with it. */
export interface Place {
  resource: Resource
  project: Grounds & { deletedAt: Date | null }
  /** The documents above it, the nearest first. */
  above: { id: string; title: string }[]
  /** What was given on its project, on it and on those above it. */
  given: Given[]
  /** Its links that hold now; `turn` counts the passwords of one that has a password, and is null for others. */
  links: { id: string; level: 'view' | 'comment' | 'edit'; turn: number | null }[]
}

/** Columns of `resources r` by the names of Prisma's rows. */
export const resourceColumns = `
r.id, r.project_id AS "projectId", r.organization_id AS "organizationId", r.parent_id AS "parentId", r.position, r.kind,
r.title, r.icon, r.cover, r.epoch, r.seq, r.history_seq AS "historySeq", r.compacted_seq AS "compactedSeq",
r.replaced_at AS "replacedAt", r.created_by AS "createdBy", r.created_at AS "createdAt", r.updated_at AS "updatedAt",
r.trashed_at AS "trashedAt", r.trashed_by AS "trashedBy", r.trashed_with AS "trashedWith"`

/** What was given, as JSON of the table `shares s`. */
const GIVEN = `json_build_object(
  'projectId', s.project_id, 'resourceId', s.resource_id, 'userId', s.user_id, 'teamId', s.team_id, 'level', s.level)`

type PlaceRow = Record<'seq' | 'historySeq' | 'compactedSeq', string> &
  Omit<Resource, 'seq' | 'historySeq' | 'compactedSeq'> & {
    projectName: string
    projectAccess: string
    memberLevel: string
    projectBy: string
    deletedAt: Date | null
    above: Place['above']
    given: Given[]
    links: Place['links']
  }

/**
 * Where a document lies and what was given there, in one question to the database; null when there is none by this id.
 * With `userId`, only what was given to this person, and to teams.
 */
export async function placeOf(ctx: Context, id: string, userId: string | null): Promise<Place | null> {
  const { rows } = await ctx.pool.query<PlaceRow>({ name: 'place', text: PLACE, values: [id, userId] })
  const [row] = rows
  if (!row) return null
  const { projectName, projectBy, deletedAt, above, given, links, ...columns } = row
  const { projectAccess: access, memberLevel, seq, historySeq, compactedSeq, ...resource } = columns
  return {
    resource: {
      ...resource,
      cover: cover.nullable().parse(resource.cover),
      seq: BigInt(seq),
      historySeq: BigInt(historySeq),
      compactedSeq: BigInt(compactedSeq),
    },
    project: {
      id: resource.projectId,
      name: projectName,
      access: projectAccess.parse(access),
      memberLevel: level.parse(memberLevel),
      createdBy: projectBy,
      deletedAt,
    },
    above,
    given: givensOf(given),
    links,
  }
}

/** The question of `placeOf`: of a document by its id and, unless null, of one person. */
export const PLACE = `
WITH RECURSIVE chain AS (
  SELECT id, parent_id, title, 0 AS depth FROM resources WHERE id = $1
  UNION ALL
  SELECT r.id, r.parent_id, r.title, c.depth + 1 FROM chain c JOIN resources r ON r.id = c.parent_id WHERE c.depth < 100
)
SELECT ${resourceColumns}, p.name AS "projectName", p.access AS "projectAccess", p.member_level AS "memberLevel",
  p.created_by AS "projectBy", p.deleted_at AS "deletedAt",
  (SELECT coalesce(json_agg(json_build_object('id', id, 'title', title) ORDER BY depth), '[]')
   FROM chain WHERE depth > 0) AS above,
  (SELECT coalesce(json_agg(${GIVEN}), '[]') FROM (
     SELECT * FROM shares WHERE project_id = r.project_id
     UNION ALL SELECT g.* FROM chain c JOIN shares g ON g.resource_id = c.id
   ) s WHERE $2::text IS NULL OR s.user_id = $2 OR s.team_id IS NOT NULL) AS given,
  (SELECT coalesce(json_agg(json_build_object('id', l.id, 'level', l.level,
     'turn', CASE WHEN l.password_hash IS NOT NULL THEN l.password_turn END)), '[]') FROM share_links l
   WHERE l.resource_id = r.id AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > now())) AS links
FROM resources r JOIN projects p ON p.id = r.project_id WHERE r.id = $1`

/** What rows of shares say. */
export function givensOf(rows: (Omit<Given, 'level'> & { level: string })[]): Given[] {
  return givens.parse(rows)
}

const givens = z.array(
  z.object({
    projectId: z.string().nullable(),
    resourceId: z.string().nullable(),
    userId: z.string().nullable(),
    teamId: z.string().nullable(),
    level,
  }),
)

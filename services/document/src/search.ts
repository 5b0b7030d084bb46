import { type Actor, type Hit, type Kind, Problem } from '@realtime/contracts'
import { organizationFor, projectFor } from './access.ts'
import type { Context } from './context.ts'
import { Prisma } from './database/client.ts'
import { withSeenParents } from './parents.ts'
import { columns, type Leveled, resourcesOf } from './resources.ts'
import { excerptOf, markWords } from './search-excerpt.ts'
import { normalText, type SearchWord, searchWords } from './search-words.ts'
import type { Standing } from './standing.ts'
import { type Visible, visibleTo } from './visible.ts'

interface Asked {
  organization: string
  q: string
  kind?: Kind | undefined
  project?: string | undefined
  limit: number
}

/**
 * Documents that the asker sees and in whose title or text each word occurs, the last perhaps as the beginning of one:
 * those with all of them in the title first, then the last edited.
 */
export async function searchDocuments(ctx: Context, actor: Actor, input: Asked): Promise<{ hits: Hit[] }> {
  const standing = await organizationFor(ctx, actor, input.organization)
  if (input.project !== undefined) {
    const { organizationId } = await projectFor(ctx, actor, input.project, 'read')
    if (organizationId !== input.organization) throw new Problem('not-found')
  }
  const words = searchWords(input.q)
  if (words.length === 0) return { hits: [] }
  const visible = await visibleTo(ctx, standing)
  const rows = await ctx.db.$queryRaw<Found[]>(searchQuery(visible, words, input))
  const documents = await withSeenParents(ctx, visible, await resourcesOf(ctx, standing, rows))
  const paths = await pathsOf(ctx, standing, visible, rows)
  const hits = documents.map((document, index) => ({
    document,
    path: paths.get(document.id) ?? [],
    title: markWords(normalText(document.title), words),
    excerpt: excerptOf(rows[index]?.body ?? '', words),
  }))
  return { hits }
}

type Found = Leveled & { body: string }

/** The question for those that are found; patterns are found by one index, grams by another. */
export function searchQuery(
  visible: Visible,
  words: SearchWord[],
  { organization, kind, project, limit }: Asked,
): Prisma.Sql {
  const { ctes, join, sees, level } = visible
  const folded = words.map(({ pattern }) => Prisma.sql`s.folded LIKE ${pattern}`)
  const inTitle = words.map(({ pattern }) => Prisma.sql`s.folded_title LIKE ${pattern}`)
  const grams = [...new Set(words.flatMap((word) => word.grams))]
  return Prisma.sql`
    WITH RECURSIVE ${ctes} SELECT ${columns}, ${level} AS level, s.body
    FROM search_texts s JOIN resources r ON r.id = s.resource_id ${join}
    WHERE s.organization_id = ${organization} AND ${Prisma.join(folded, ' AND ')}
      ${grams.length > 0 ? Prisma.sql`AND s.grams @> ${grams}` : Prisma.empty}
      AND r.organization_id = ${organization} AND r.trashed_at IS NULL AND ${sees}
      ${kind === undefined ? Prisma.empty : Prisma.sql`AND r.kind = ${kind}`}
      ${project === undefined ? Prisma.empty : Prisma.sql`AND r.project_id = ${project}`}
    ORDER BY (${Prisma.join(inTitle, ' AND ')}) DESC, r.updated_at DESC, r.id LIMIT ${limit}`
}

/** By what names each place: its project and the documents above it from the top, as far as the asker sees them. */
async function pathsOf(
  ctx: Context,
  { organizationId }: Standing,
  { projects, ctes, join, sees }: Visible,
  rows: Found[],
): Promise<Map<string, string[]>> {
  const ids = rows.map(({ id }) => id)
  const above = await ctx.db.$queryRaw<{ of: string; title: string }[]>`
    WITH RECURSIVE ${ctes},
    up (of, id, depth) AS (
      SELECT r.id, r.parent_id, 1 FROM resources r WHERE r.id = ANY(${ids}) AND r.parent_id IS NOT NULL
      UNION ALL
      SELECT u.of, r.parent_id, u.depth + 1 FROM up u JOIN resources r ON r.id = u.id
      WHERE r.parent_id IS NOT NULL AND u.depth < 100
    )
    SELECT u.of, r.title FROM up u JOIN resources r ON r.id = u.id ${join}
    WHERE r.organization_id = ${organizationId} AND ${sees} ORDER BY u.depth DESC`
  const paths = new Map<string, string[]>()
  for (const { id, projectId } of rows) {
    const project = projects.get(projectId)?.project.name
    const titles = above.filter(({ of }) => of === id).map(({ title }) => title)
    paths.set(id, [...(project === undefined ? [] : [project]), ...titles])
  }
  return paths
}

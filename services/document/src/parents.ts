import type { Resource } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Visible } from './visible.ts'

/**
 * Resources of a list without what lies above them where that is not to be seen: who sees one by a share of its own does
 * not learn that there is anything above it.
 */
export async function withSeenParents(
  ctx: Context,
  { projects, ctes, join, sees }: Visible,
  documents: Resource[],
): Promise<Resource[]> {
  // Who sees a project sees all of it.
  const doubtful = documents.flatMap(({ projectId, parentId }) => (projects.has(projectId) ? [] : (parentId ?? [])))
  if (doubtful.length === 0) return documents
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE ${ctes} SELECT r.id FROM resources r ${join} WHERE r.id = ANY(${doubtful}) AND ${sees}`
  const seen = new Set(rows.map(({ id }) => id))
  return documents.map((one) =>
    one.parentId === null || projects.has(one.projectId) || seen.has(one.parentId) ? one : { ...one, parentId: null },
  )
}

import { Problem } from '@realtime/contracts'
import type { Context } from './context.ts'
import { KEEPING, recordVersions } from './keeping.ts'

/**
 * Cleans up automatic versions that are older than an organization's plan keeps them, and those that lost their name.
 * Named versions, those from before a restore, and the newest of each resource stay. When the plan cannot be asked for,
 * all stay.
 */
export async function pruneVersions(ctx: Context, signal: AbortSignal): Promise<void> {
  const { rows } = await ctx.pool.query<{ id: string }>(ORGANIZATIONS)
  for (const { id } of rows) {
    if (signal.aborted) return
    try {
      const { limits } = await ctx.entitlements.find(id)
      if (limits.historyDays === null) continue
      while (!signal.aborted && (await prune(ctx, id, limits.historyDays)) === MOST_AT_ONCE);
    } catch (error) {
      const away = error instanceof Problem && error.key === 'unavailable'
      ctx.log[away ? 'debug' : 'warn']({ err: error, organization: id }, 'versions are kept for now')
    }
  }
}

const ORGANIZATIONS = `
SELECT DISTINCT r.organization_id AS id FROM resources r
WHERE EXISTS (SELECT 1 FROM versions v WHERE v.resource_id = r.id AND v.name IS NULL AND v.reason <> 'before-restore')`

/** How many versions go in one transaction: whoever records a change waits for the end of it. */
const MOST_AT_ONCE = 200

/** Cleans up some; answers how many. */
function prune(ctx: Context, organizationId: string, days: number): Promise<number> {
  return ctx.db.$transaction(async (tx) => {
    const gone = await tx.$queryRaw<{ id: string; projectId: string }[]>`
      WITH old AS (
        SELECT v.id, r.id AS resource_id, r.project_id FROM versions v JOIN resources r ON r.id = v.resource_id
        WHERE r.organization_id = ${organizationId}
          AND v.name IS NULL AND v.reason <> 'before-restore' AND v.at < now() - make_interval(days => ${days}::int)
          AND EXISTS (SELECT 1 FROM versions n WHERE n.resource_id = v.resource_id AND n.epoch = v.epoch
            AND (n.seq, n.at, n.id) > (v.seq, v.at, v.id))
        ORDER BY v.id LIMIT ${MOST_AT_ONCE} FOR UPDATE OF v
      )
      DELETE FROM versions v USING old WHERE v.id = old.id
      RETURNING old.resource_id AS id, old.project_id AS "projectId"`
    const resources = new Map(gone.map((one) => [one.id, one]))
    for (const resource of resources.values()) await recordVersions(tx, { ...resource, organizationId })
    return gone.length
  }, KEEPING)
}

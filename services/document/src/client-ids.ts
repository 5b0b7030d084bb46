import { Problem } from '@realtime/contracts'
import type { Context } from './context.ts'

/** Binds unless bound, and answers whose it is then: a join is worth one way to the database. */
const BIND = `
  WITH bound AS (
    INSERT INTO client_ids (resource_id, client_id, principal) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
    RETURNING principal
  )
  SELECT principal FROM bound
  UNION ALL
  SELECT principal FROM client_ids WHERE resource_id = $1 AND client_id = $2`

/**
 * Binds a Yjs client id of a resource to a principal, for good; binding it again to the same one changes nothing.
 * @throws Problem `client-id-taken`
 */
export async function bindClientId(
  ctx: Context,
  input: { resourceId: string; clientId: number; principal: string },
): Promise<void> {
  const { resourceId, clientId, principal } = input
  const { rows } = await ctx.pool.query<{ principal: string }>(BIND, [resourceId, clientId, principal])
  // Nothing comes back when somebody else bound it in the same moment: now it can be seen.
  const holder = rows[0]?.principal ?? (await holderOf(ctx, resourceId, clientId))
  if (holder !== principal) throw new Problem('client-id-taken')
}

async function holderOf(ctx: Context, resourceId: string, clientId: number): Promise<string> {
  const where = { resourceId_clientId: { resourceId, clientId: BigInt(clientId) } }
  return (await ctx.db.clientId.findUniqueOrThrow({ where })).principal
}

/** All client ids of a resource and to whom they belong. For services. @throws Problem `not-found` */
export async function listClientIds(
  ctx: Context,
  { id }: { id: string },
): Promise<{ clientIds: { clientId: number; principal: string }[] }> {
  const resource = await ctx.db.resource.findUnique({ where: { id }, select: { trashedAt: true } })
  if (!resource || resource.trashedAt) throw new Problem('not-found')
  const rows = await ctx.db.clientId.findMany({ where: { resourceId: id }, orderBy: { boundAt: 'asc' } })
  return { clientIds: rows.map((row) => ({ clientId: Number(row.clientId), principal: row.principal })) }
}

import { Problem } from '@realtime/contracts'
import type { Context } from './context.ts'

/**
 * Binds a Yjs client id of a resource to a principal, for good; binding it again to the same one changes nothing.
 * @throws Problem `client-id-taken`
 */
export async function bindClientId(
  ctx: Context,
  input: { resourceId: string; clientId: number; principal: string },
): Promise<void> {
  const clientId = BigInt(input.clientId)
  await ctx.db.clientId.createMany({ data: [{ ...input, clientId }], skipDuplicates: true })
  const where = { resourceId_clientId: { resourceId: input.resourceId, clientId } }
  const { principal } = await ctx.db.clientId.findUniqueOrThrow({ where })
  if (principal !== input.principal) throw new Problem('client-id-taken')
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

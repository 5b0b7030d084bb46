import { Problem } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Organization, Prisma } from './database/client.ts'

export type Transaction = Prisma.TransactionClient

/** Runs `work` in one transaction. Nothing in it may ask another service or use `ctx.db`. */
export function inTransaction<T>(ctx: Context, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return ctx.db.$transaction(work, { maxWait: 5_000, timeout: 10_000 })
}

/**
 * Reads an organization and holds it until the transaction ends: whoever changes its memberships takes turns, so that
 * two owners cannot both leave because the other one is still there.
 * @throws Problem `not-found`
 */
export async function holdOrganization(tx: Transaction, id: string): Promise<Organization> {
  await tx.$executeRaw`SELECT 1 FROM organizations WHERE id = ${id} FOR UPDATE`
  const organization = await tx.organization.findUnique({ where: { id } })
  if (!organization) throw new Problem('not-found')
  return organization
}

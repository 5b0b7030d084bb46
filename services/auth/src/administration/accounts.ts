import { type Account, Problem } from '@realtime/contracts'
import type { Context } from '../context.ts'
import type { Prisma } from '../database/client.ts'
import { noteEvent } from '../events.ts'
import { revoke } from '../revocations.ts'
import { endSessions, type Visit } from '../sessions.ts'
import { assertAdministrator } from './access.ts'

const shown = {
  sessions: { select: { updatedAt: true }, orderBy: { updatedAt: 'desc' }, take: 1 },
} satisfies Prisma.UserInclude
type Row = Prisma.UserGetPayload<{ include: typeof shown }>

/** The accounts of this server, newest first, a page after the account `after`. @throws Problem `forbidden` */
export async function listAccounts(
  ctx: Context,
  visit: Visit,
  { q, after, limit }: { q?: string | undefined; after?: string | undefined; limit: number },
): Promise<{ accounts: Account[]; total: number; more: boolean }> {
  assertAdministrator(visit)
  const last = after === undefined ? null : await ctx.db.user.findUnique({ where: { id: after } })
  if (after !== undefined && !last) throw new Problem('not-found', 'The account to go on after is gone.')
  const found = searched(q)
  const page: Prisma.UserWhereInput = last
    ? { OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: last.id } }] }
    : {}
  const rows = await ctx.db.user.findMany({
    where: { AND: [found, page] },
    include: shown,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  })
  const total = await ctx.db.user.count({ where: found })
  return { accounts: rows.slice(0, limit).map(accountView), total, more: rows.length > limit }
}

/**
 * Suspends somebody, which ends their sessions and deletes their keys, or lets them in again; makes them an
 * administrator, or no more one.
 * @throws Problem `forbidden`, `not-found`, `conflict` for oneself, and where no administrator would be left
 */
export async function updateAccount(
  ctx: Context,
  visit: Visit,
  input: { id: string; suspended?: boolean | undefined; administrator?: boolean | undefined },
): Promise<Account> {
  assertAdministrator(visit)
  const { id } = input
  if (input.suspended && id === visit.actor.id) throw new Problem('conflict', 'Nobody suspends themselves.')
  await ctx.db.$transaction(async (tx) => {
    // Two administrators who remove each other at once wait for one another here.
    await tx.$queryRaw`SELECT id FROM users WHERE administrator ORDER BY id FOR UPDATE`
    const [before] = await tx.$queryRaw<{ suspended: boolean; administrator: boolean }[]>`
      SELECT suspended_at IS NOT NULL AS suspended, administrator FROM users WHERE id = ${id} FOR UPDATE`
    if (!before) throw new Problem('not-found')
    const asks = await tx.user.findUnique({ where: { id: visit.actor.id } })
    if (!asks?.administrator || asks.suspendedAt) throw new Problem('forbidden')
    const { suspended = before.suspended, administrator = before.administrator } = input
    const suspendedAt = suspended === before.suspended ? undefined : suspended ? new Date() : null
    await tx.user.update({
      where: { id },
      data: { administrator, ...(suspendedAt === undefined ? {} : { suspendedAt }) },
    })
    if ((await tx.user.count({ where: { administrator: true, suspendedAt: null } })) === 0) {
      throw new Problem('conflict', 'The last administrator stays one.')
    }
    if (suspendedAt) await endAll(tx, id)
    if (suspendedAt !== undefined) await noteEvent(tx, { userId: id, type: suspended ? 'suspended' : 'restored' })
    if (administrator !== before.administrator) {
      await noteEvent(tx, { userId: id, type: administrator ? 'made-administrator' : 'no-administrator' })
    }
  })
  return accountView(await ctx.db.user.findUniqueOrThrow({ where: { id }, include: shown }))
}

async function endAll(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  await endSessions(tx, userId)
  const keys = await tx.apiKey.findMany({ where: { userId }, select: { id: true } })
  await tx.apiKey.deleteMany({ where: { userId } })
  await revoke(
    tx,
    keys.map(({ id }) => id),
  )
}

function searched(q: string | undefined): Prisma.UserWhereInput {
  if (!q) return {}
  // % and _ are letters like others here.
  const contains = q.replaceAll(/[\\%_]/g, '\\$&')
  return {
    OR: [{ name: { contains, mode: 'insensitive' } }, { email: { contains, mode: 'insensitive' } }],
  }
}

function accountView(row: Row): Account {
  const { id, name, email, emailVerified, image, administrator, createdAt } = row
  return {
    id,
    name,
    email,
    emailVerified,
    image,
    administrator,
    suspended: row.suspendedAt !== null,
    twoFactor: row.twoFactorEnabled,
    createdAt: createdAt.toISOString(),
    lastUsedAt: row.sessions[0]?.updatedAt.toISOString() ?? null,
  }
}

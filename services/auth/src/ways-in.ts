import { Problem } from '@realtime/contracts'
import type { Prisma } from './database/client.ts'

/**
 * Makes sure that somebody can still sign in after a way was taken away, in that transaction.
 * @throws Problem `conflict`
 */
export async function assertWayIn(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  // Of two ways that are taken away at once, the second waits here.
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId} FOR UPDATE`
  const passkeys = await tx.passkey.count({ where: { userId } })
  const accounts = await tx.account.count({
    where: { userId, OR: [{ providerId: { not: 'credential' } }, { passwordHash: { not: null } }] },
  })
  if (passkeys + accounts === 0) {
    throw new Problem('conflict', 'This is the last way to sign in; set a password or add another one first.')
  }
}

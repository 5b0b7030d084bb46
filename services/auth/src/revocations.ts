import { createHash } from 'node:crypto'
import { coalesced, revocationHash } from '@realtime/kit'
import { type Wakeups, wakeup } from '@realtime/kit/database'
import type { Prisma, PrismaClient } from './database/client.ts'

/** How long a revocation is published: the ten minutes of a token and one for clocks that differ. */
export const REVOCATION_MS = 11 * 60 * 1000
/** How often the table is looked at for those who wait, while it cannot be listened to. */
const LOOK_MS = 400

/** The published hashes of sessions that ended while a token of theirs may still live; `tag` names this very list. */
export interface Revoked {
  revoked: string[]
  tag: string
}

/** The list of ended sessions, for all who verify tokens. */
export interface Revocations {
  /**
   * The list, at once, or when it is another than `known`, for which it waits up to `wait` seconds. `signal` ends the
   * waiting when the asker or the service goes away.
   */
  list(input: { known?: string | undefined; wait: number }, signal: AbortSignal): Promise<Revoked>
  stop(): Promise<void>
}

/** The list in this service's own table; `told` wakes those who wait, however many, for one look at it. */
export function revocations(db: PrismaClient, told: Wakeups): Revocations {
  const read = coalesced(async (): Promise<Revoked> => {
    const rows = await db.revocation.findMany({
      where: { revokedAt: { gt: new Date(Date.now() - REVOCATION_MS) } },
      select: { hash: true },
      orderBy: { hash: 'asc' },
    })
    const revoked = rows.map((row) => row.hash)
    return { revoked, tag: createHash('sha256').update(revoked.join()).digest('hex').slice(0, 16) }
  })
  return {
    async list({ known, wait }, signal) {
      const until = performance.now() + wait * 1000
      for (;;) {
        const left = Math.max(0, until - performance.now())
        // Begun before reading, so that a change between reading and waiting ends the waiting.
        const woken = wakeup(told, told.up() ? left : Math.min(LOOK_MS, left), signal)
        try {
          const list = await read()
          if (list.tag !== known || left === 0 || signal.aborted) return list
          await woken.ended
        } finally {
          woken.cancel()
        }
      }
    },
    stop: () => told.stop(),
  }
}

/**
 * Lists sessions and API keys as revoked, in the transaction that ends them: no token of theirs outlives them unlisted.
 * Those who wait for the list hear of it when the transaction commits.
 */
export async function revoke(tx: Prisma.TransactionClient, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const revokedAt = new Date()
  const hashes = ids.map(revocationHash)
  await tx.revocation.updateMany({ where: { hash: { in: hashes } }, data: { revokedAt } })
  await tx.revocation.createMany({ data: hashes.map((hash) => ({ hash, revokedAt })), skipDuplicates: true })
  await tx.$executeRaw`SELECT pg_notify(current_schema() || '_revoked', '')`
}

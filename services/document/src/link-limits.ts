import { createHash } from 'node:crypto'
import { Problem } from '@realtime/contracts'
import { RateLimiterPrisma, RateLimiterRes } from 'rate-limiter-flexible'
import type { PrismaClient } from './database/client.ts'

/** Wrong passwords within seconds, kept in the database: restarts and replicas share them. */
const LIMITS = {
  /** For one link from one address. */
  pair: { points: 10, duration: 15 * 60 },
  /** For one link from anywhere: stops a guesser with many addresses. */
  link: { points: 200, duration: 60 * 60 },
}

/** Limits guessing the passwords of links. */
export interface LinkLimits {
  /**
   * Counts an attempt before it is made, so that many at once cannot slip through; `right` takes it back.
   * @throws Problem `rate-limited` with Retry-After
   */
  attempt(linkId: string, address: string): Promise<{ right(): Promise<void> }>
  /** Forgets what is over. */
  sweep(): Promise<void>
}

/** The limits over a database. */
export function linkLimits(db: PrismaClient): LinkLimits {
  const options = { storeClient: db, tableName: 'linkAttempt', clearExpiredByTimeout: false }
  const pair = new RateLimiterPrisma({ ...LIMITS.pair, ...options, keyPrefix: 'pair' })
  const link = new RateLimiterPrisma({ ...LIMITS.link, ...options, keyPrefix: 'link' })
  return {
    async attempt(linkId, address) {
      const keys = [[pair, digest(`${linkId} ${address}`)] as const, [link, digest(linkId)] as const]
      for (const [limiter, key] of keys) await consume(limiter, key)
      return {
        async right() {
          for (const [limiter, key] of keys) await limiter.reward(key)
        },
      }
    },
    async sweep() {
      await db.linkAttempt.deleteMany({ where: { expire: { lt: new Date() } } })
    },
  }
}

async function consume(limiter: RateLimiterPrisma, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason
    const seconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1000))
    throw new Problem('rate-limited', 'Too many wrong passwords; try again later.', {
      headers: { 'retry-after': String(seconds) },
    })
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

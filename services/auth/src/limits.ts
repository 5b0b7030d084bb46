import { createHash } from 'node:crypto'
import { Problem } from '@realtime/contracts'
import { RateLimiterPrisma, RateLimiterRes } from 'rate-limiter-flexible'
import type { PrismaClient } from './database/client.ts'

/** Attempts within seconds, by what is tried and from where. Kept in the database: restarts and replicas share them. */
const LIMITS = {
  /** Wrong passwords for one account from one address: stops a guesser without locking the owner out elsewhere. */
  signInPair: { points: 8, duration: 15 * 60 },
  /** Wrong passwords for one account from anywhere: stops a guesser with many addresses. */
  signInAccount: { points: 40, duration: 60 * 60 },
  /** Wrong passwords from one address for any account. */
  signInAddress: { points: 100, duration: 60 * 60 },
  /** Wrong passwords of somebody who is signed in already, by their id. */
  ownPassword: { points: 10, duration: 15 * 60 },
  /** Sign-ups that failed from one address: a taken address tells that an account exists. */
  signUpFailed: { points: 20, duration: 60 * 60 },
  signUpAddress: { points: 300, duration: 60 * 60 },
  /** Strings that are no API key, from one address. */
  keyAddress: { points: 100, duration: 15 * 60 },
  /** Tokens of one API key: each holds for ten minutes. */
  keyExchange: { points: 600, duration: 60 * 60 },
  /** Wrong codes of one account, from anywhere. */
  codeAccount: { points: 10, duration: 15 * 60 },
  setupAddress: { points: 20, duration: 60 * 60 },
} as const

type LimitName = keyof typeof LIMITS

export interface Attempt {
  /** The attempt was honest: it does not count, and the named limits begin anew. */
  succeeded(clear?: LimitName[]): Promise<void>
}

export interface Limits {
  /**
   * Counts an attempt before it is made, so that many at once cannot slip through.
   * @throws Problem `rate-limited` with Retry-After
   */
  attempt(keys: Partial<Record<LimitName, string>>): Promise<Attempt>
}

/** The limits against guessing. */
export function openLimits(db: PrismaClient): Limits {
  const limiters = Object.fromEntries(
    Object.entries(LIMITS).map(([name, limit]) => [
      name,
      // Expired rows are cleared by our own sweep: the library's timer cannot be stopped.
      new RateLimiterPrisma({
        ...limit,
        storeClient: db,
        tableName: 'attempt',
        keyPrefix: name,
        clearExpiredByTimeout: false,
      }),
    ]),
  ) as Record<LimitName, RateLimiterPrisma>
  return {
    async attempt(keys) {
      const counted = (Object.keys(keys) as LimitName[]).map((name) => ({ name, key: digest(keys[name] ?? '') }))
      for (const { name, key } of counted) await consume(limiters[name], key)
      return {
        async succeeded(clear = []) {
          for (const { name, key } of counted) {
            if (clear.includes(name)) await limiters[name].delete(key)
            else await limiters[name].reward(key)
          }
        },
      }
    },
  }
}

async function consume(limiter: RateLimiterPrisma, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason
    const seconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1000))
    throw new Problem('rate-limited', `Too many attempts; try again in ${duration(seconds)}.`, {
      headers: { 'retry-after': String(seconds) },
    })
  }
}

function duration(seconds: number): string {
  return seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`
}

/** E-mail addresses are not kept in the counters, and keys stay short. */
function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}

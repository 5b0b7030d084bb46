import { createHash } from 'node:crypto'
import { Problem } from '@realtime/contracts'
import { RateLimiterPrisma, RateLimiterRes } from 'rate-limiter-flexible'
import type { PrismaClient } from './database/client.ts'

interface Limit {
  points: number
  duration: number
  /** From this many on each further attempt has to wait twice as long as the one before. */
  slowFrom?: number
}

/** Attempts within seconds, by what is tried and from where. Kept in the database: restarts and replicas share them. */
const LIMITS = {
  /** Wrong passwords for one account from one address: stops a guesser without locking the owner out elsewhere. */
  signInPair: { points: 8, duration: 15 * 60, slowFrom: 3 },
  /** Wrong passwords for one account from anywhere: stops a guesser with many addresses. */
  signInAccount: { points: 40, duration: 60 * 60, slowFrom: 20 },
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
  /** Sign-ins begun from one address with a passkey or a provider: each is kept for some minutes. */
  signInBegun: { points: 300, duration: 60 * 60 },
  /** Wrong codes of one account, from anywhere. */
  codeAccount: { points: 10, duration: 15 * 60 },
  /** Mails of one kind to one address, whoever asks for them. */
  mailsTo: { points: 5, duration: 60 * 60 },
  /** Mails that somebody who is not signed in asks for, from one address. */
  mailsFrom: { points: 30, duration: 60 * 60 },
  /** Mails that one person asks for. */
  mailsOf: { points: 10, duration: 60 * 60 },
  setupAddress: { points: 20, duration: 60 * 60 },
} as const satisfies Record<string, Limit>

/** Longest time that slowing lets one wait, in seconds: it is no lock against the owner. */
const LONGEST_WAIT = 32

type LimitName = keyof typeof LIMITS

export interface Attempt {
  /** The attempt was honest: it does not count, and the named limits begin anew. */
  succeeded(clear?: LimitName[]): Promise<void>
}

export interface Limits {
  /**
   * Counts an attempt before it is made, so that many at once cannot slip through; one that comes before its pause is
   * over is refused and not counted.
   * @throws Problem `rate-limited` with Retry-After
   */
  attempt(keys: Partial<Record<LimitName, string>>): Promise<Attempt>
}

/** The limits against guessing. */
export function openLimits(db: PrismaClient): Limits {
  const limiter = (keyPrefix: string, { points, duration }: Limit): RateLimiterPrisma =>
    // Expired rows are cleared by our own sweep: the library's timer cannot be stopped.
    new RateLimiterPrisma({
      points,
      duration,
      keyPrefix,
      storeClient: db,
      tableName: 'attempt',
      clearExpiredByTimeout: false,
    })
  const limiters = Object.fromEntries(
    Object.entries(LIMITS).map(([name, limit]) => [name, limiter(name, limit)]),
  ) as Record<LimitName, RateLimiterPrisma>
  /** Pauses that are being kept, by limit and key. */
  const pauses = limiter('pause', { points: 1, duration: 1 })
  return {
    async attempt(keys) {
      const counted = (Object.keys(keys) as LimitName[]).map((name) => ({ name, key: digest(keys[name] ?? '') }))
      for (const { name, key } of counted) {
        const pause = isSlowing(name) ? await pauses.get(`${name} ${key}`) : null
        if (pause && pause.msBeforeNext > 0) refuse(pause)
      }
      for (const { name, key } of counted) {
        const made = await consume(limiters[name], key)
        const seconds = isSlowing(name) ? pauseAfter(LIMITS[name].slowFrom, made) : 0
        if (seconds > 0) await pauses.set(`${name} ${key}`, 1, seconds)
      }
      return {
        async succeeded(clear = []) {
          for (const { name, key } of counted) {
            if (clear.includes(name)) await limiters[name].delete(key)
            else await limiters[name].reward(key)
            if (isSlowing(name)) await pauses.delete(`${name} ${key}`)
          }
        },
      }
    },
  }
}

function isSlowing(name: LimitName): name is 'signInPair' | 'signInAccount' {
  return 'slowFrom' in LIMITS[name]
}

/** Seconds until the next attempt after so many: 1, 2, 4, … from `slowFrom` on. */
function pauseAfter(slowFrom: number, made: number): number {
  return made < slowFrom ? 0 : Math.min(LONGEST_WAIT, 2 ** (made - slowFrom))
}

/** Counts an attempt and answers how many there were. @throws Problem `rate-limited` */
async function consume(limiter: RateLimiterPrisma, key: string): Promise<number> {
  try {
    return (await limiter.consume(key)).consumedPoints
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason
    return refuse(reason)
  }
}

function refuse({ msBeforeNext }: RateLimiterRes): never {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
  throw new Problem('rate-limited', `Too many attempts; try again in ${duration(seconds)}.`, {
    headers: { 'retry-after': String(seconds) },
  })
}

function duration(seconds: number): string {
  return seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`
}

/** E-mail addresses are not kept in the counters, and keys stay short. */
function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}

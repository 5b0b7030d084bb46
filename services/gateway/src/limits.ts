import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Problem } from '@realtime/contracts'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { networkOf } from './addresses.ts'
import type { GatewayConfig } from './config.ts'
import { pathOf } from './paths.ts'
import { isUnder } from './upstreams.ts'

export interface Limits {
  /** Counts a request of the client at `address`. @throws Problem `rate-limited` with Retry-After */
  take(request: IncomingMessage, address: string): Promise<void>
}

/** Who the bearer token says it is; not verified here, so it may be a lie. */
function claimedSubject(request: IncomingMessage): string | null {
  const payload = /^Bearer [^.\s]+\.([A-Za-z0-9_-]{1,8192})\./.exec(request.headers.authorization ?? '')?.[1]
  if (!payload) return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const sub = claims && typeof claims === 'object' && 'sub' in claims ? claims.sub : null
    return typeof sub === 'string' && sub !== '' ? createHash('sha256').update(sub).digest('base64url') : null
  } catch {
    return null
  }
}

/**
 * The limits of traffic, in memory. A signed-in person is counted by address and the token's subject together: the
 * gateway does not verify tokens, so a subject alone would let anyone spend another person's share from anywhere, and
 * inventing subjects gains nothing beyond the address's own ceiling, which counts everything.
 */
export function createLimits(config: GatewayConfig): Limits {
  const limiter = (points: number, duration: number) =>
    points > 0 ? new RateLimiterMemory({ points, duration }) : undefined
  const ceiling = limiter(config.RATE_LIMIT_ADDRESS, 10)
  const anonymous = limiter(config.RATE_LIMIT_ANONYMOUS, 10)
  const actors = limiter(config.RATE_LIMIT_ACTOR, 10)
  const auth = limiter(config.RATE_LIMIT_AUTH, 60)
  return {
    async take(request, address) {
      const path = pathOf(request.url ?? '')
      if (isUnder(path, '/_next/static')) return
      const network = networkOf(address)
      const subject = claimedSubject(request)
      await spend(ceiling, network)
      if (subject) await spend(actors, `${network} ${subject}`)
      else await spend(anonymous, network)
      if (request.method === 'POST' && isUnder(path, '/auth')) await spend(auth, network)
    },
  }
}

async function spend(limiter: RateLimiterMemory | undefined, key: string): Promise<void> {
  try {
    await limiter?.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
    throw new Problem('rate-limited', `Too many requests; try again in ${seconds} s.`, {
      headers: { 'retry-after': String(seconds) },
    })
  }
}

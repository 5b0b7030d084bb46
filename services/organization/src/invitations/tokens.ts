import { createHash, randomBytes } from 'node:crypto'
import { Problem } from '@realtime/contracts'
import type { Invitation } from '../database/client.ts'

/**
 * A new secret of an invitation, and what is kept of it. It has 256 bits: nobody finds one by trying, so wrong tokens are
 * slowed no more than what else is asked (the gateway's `RATE_LIMIT_ANONYMOUS`, `RATE_LIMIT_ACTOR` and
 * `RATE_LIMIT_ADDRESS`).
 */
export function newToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: hashOf(token) }
}

/** What is kept of a token: its SHA-256, hex. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether an invitation still lets somebody in. */
export function holds(row: Invitation): boolean {
  return row.revokedAt === null && row.expiresAt > new Date() && !usedUp(row)
}

/** Whether an invitation has been used as often as it may be. */
export function usedUp({ uses, maxUses }: Pick<Invitation, 'uses' | 'maxUses'>): boolean {
  return maxUses !== null && uses >= maxUses
}

/** What every token that does not let in is answered with. */
export function invalid(): Problem {
  return new Problem('invalid-token', 'This invitation is not valid, was withdrawn or used up, or has expired.')
}

import { createHash, randomBytes } from 'node:crypto'
import { Problem } from '@realtime/contracts'
import type { Prisma } from '../database/client.ts'

const MINUTE = 60 * 1000

/** What a token of a mail is for, and how long it works, in milliseconds. */
export const lives = {
  'verify-email': 24 * 60 * MINUTE,
  'change-email': 24 * 60 * MINUTE,
  'reset-password': 60 * MINUTE,
  'magic-link': 15 * MINUTE,
} as const

export type Purpose = keyof typeof lives

/** A token of 256 random bits for a mail, and what of it is kept. */
export function newToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashOf(token) }
}

/** SHA-256 of a token, hex. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Makes a token for a person and an address; only its hash is kept. */
export async function issueMailToken(
  db: Prisma.TransactionClient,
  input: { purpose: Purpose; userId: string; email: string },
): Promise<{ token: string; expiresAt: Date }> {
  const { token, hash } = newToken()
  const expiresAt = new Date(Date.now() + lives[input.purpose])
  await db.mailToken.create({ data: { ...input, hash, expiresAt } })
  return { token, expiresAt }
}

interface Taken {
  purpose: Purpose
  userId: string
  email: string
}

/**
 * Uses a token up, and says whose it is; of several at once one gets it. Null when it is none of these purposes, was
 * used, or has expired.
 */
export async function takeMailToken(
  db: Prisma.TransactionClient,
  purposes: Purpose[],
  token: string,
): Promise<Taken | null> {
  const [row] = await db.$queryRaw<Taken[]>`
    DELETE FROM mail_tokens
    WHERE hash = ${hashOf(token)} AND purpose = ANY(${purposes}) AND expires_at > ${new Date()}
    RETURNING purpose, user_id AS "userId", email`
  return row ?? null
}

/** @throws Problem `invalid-token` for a link that was used, has expired or never was one */
export function refuseToken(): never {
  throw new Problem('invalid-token', 'This link was used, has expired, or is not a link of ours.')
}

import type { Context } from './context.ts'
import { REVOCATION_MS } from './revocations.ts'
import { rotateSigningKeys } from './signing-keys.ts'

const EVERY_MS = 60 * 60 * 1000
const MAIL_MS = 30 * 24 * 60 * 60 * 1000
const EVENT_MS = 365 * 24 * 60 * 60 * 1000

/** Deletes once an hour what has expired, and makes the next signing key when it is time. Returns how to stop. */
export function sweepExpired(ctx: Context): () => void {
  const timer = setInterval(() => {
    sweep(ctx).catch((err: unknown) => ctx.log.warn({ err }, 'the hourly work could not be done'))
  }, EVERY_MS).unref()
  return () => clearInterval(timer)
}

/** What expires: sessions, passes, links of mails; mails after a month and what happened after a year. */
export async function sweep({ db, identity }: Context): Promise<void> {
  const now = Date.now()
  const expired = { lt: new Date(now) }
  await rotateSigningKeys(db, identity)
  await db.session.deleteMany({ where: { expiresAt: expired } })
  await db.signUpPass.deleteMany({ where: { expiresAt: expired } })
  await db.pendingSignUp.deleteMany({ where: { expiresAt: expired } })
  await db.mailToken.deleteMany({ where: { expiresAt: expired } })
  await db.verification.deleteMany({ where: { expiresAt: expired } })
  await db.attempt.deleteMany({ where: { expire: expired } })
  await db.revocation.deleteMany({ where: { revokedAt: { lt: new Date(now - REVOCATION_MS) } } })
  await db.mail.deleteMany({ where: { createdAt: { lt: new Date(now - MAIL_MS) } } })
  await db.securityEvent.deleteMany({ where: { at: { lt: new Date(now - EVENT_MS) } } })
}

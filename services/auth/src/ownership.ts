import { Problem } from '@realtime/contracts'
import { verifyPassword } from '@realtime/kit/passwords'
import type { Context } from './context.ts'
import type { Visit } from './sessions.ts'

/** How old a session may be that shows whose account it is without a password. */
const FRESH_MS = 10 * 60 * 1000

/** Whether somebody has a password. */
export async function hasPassword(ctx: Context, userId: string): Promise<boolean> {
  return (await passwordHashOf(ctx, userId)) !== null
}

/**
 * Makes sure that whoever asks owns the account and did not find an open browser: by the password, or, for who has
 * none, by having signed in within ten minutes. Comes before what changes how an account is kept safe.
 * @throws Problem `invalid-input` (no password given), `wrong-credentials`, `rate-limited`, `fresh-sign-in-required`
 */
export async function assertOwner(ctx: Context, visit: Visit, password: string | undefined, path = 'body.password') {
  const hash = await passwordHashOf(ctx, visit.actor.id)
  if (hash === null) {
    if (isFresh(visit)) return
    throw new Problem('fresh-sign-in-required')
  }
  if (password === undefined) {
    const message = 'the password of this account is needed'
    throw new Problem('invalid-input', `${path}: ${message}`, { errors: [{ path, message }] })
  }
  const attempt = await ctx.limits.attempt({ ownPassword: visit.actor.id })
  if (!(await verifyPassword({ hash, password }))) {
    throw new Problem('wrong-credentials', 'This is not the password of this account.')
  }
  await attempt.succeeded(['ownPassword'])
}

/**
 * As `assertOwner`, for what is asked of people while they work: whoever signed in within ten minutes is asked nothing.
 * @throws Problem those of `assertOwner`
 */
export async function assertPresent(ctx: Context, visit: Visit, password: string | undefined): Promise<void> {
  if (!isFresh(visit)) await assertOwner(ctx, visit, password)
}

function isFresh({ session }: Visit): boolean {
  return Date.now() - Date.parse(session.createdAt) <= FRESH_MS
}

async function passwordHashOf(ctx: Context, userId: string): Promise<string | null> {
  const account = await ctx.db.account.findFirst({
    where: { userId, providerId: 'credential' },
    select: { passwordHash: true },
  })
  return account?.passwordHash ?? null
}

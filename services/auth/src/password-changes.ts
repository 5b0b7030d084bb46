import { randomUUID } from 'node:crypto'
import { hashPassword } from '@realtime/kit/passwords'
import type { Browser } from './browsers.ts'
import { assertGoodPassword } from './common-passwords.ts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import { noteEvent } from './events.ts'
import { newPassword, passwordChanged } from './mail/letters.ts'
import { assertMail } from './mail/service-mails.ts'
import { issueMailToken, refuseToken, takeMailToken } from './mail/tokens.ts'
import { assertOwner, hasPassword } from './ownership.ts'
import { forgetDevices } from './second-factor/two-factor.ts'
import { endSessions, type Visit } from './sessions.ts'

/**
 * Mails the way to a new password. An unknown address has the same answer after the same time: it is looked up later.
 * @throws Problem `mail-unavailable`, `rate-limited`
 */
export async function forgotPassword(ctx: Context, browser: Browser, { email }: { email: string }): Promise<void> {
  assertMail(ctx)
  await ctx.limits.attempt({ mailsFrom: browser.network, mailsTo: `password ${email}` })
  ctx.post.soon(async () => {
    const user = await ctx.db.user.findUnique({ where: { email } })
    if (!user || user.suspendedAt) return
    const { token, expiresAt } = await issueMailToken(ctx.db, { purpose: 'reset-password', userId: user.id, email })
    await ctx.post.send(email, newPassword(token), expiresAt)
  })
}

/**
 * Sets a new password by the token of a mail and ends all sessions. Who follows such a mail owns its address.
 * @throws Problem `invalid-token`, `invalid-input` for a common password, after which the token still works
 */
export async function resetPassword(
  ctx: Context,
  browser: Browser,
  { token, password }: { token: string; password: string },
): Promise<void> {
  const passwordHash = await hashPassword(password)
  const user = await ctx.db.$transaction(async (tx) => {
    const { userId, email } = (await takeMailToken(tx, ['reset-password'], token)) ?? refuseToken()
    const owner = (await tx.user.findFirst({ where: { id: userId, email } })) ?? refuseToken()
    assertGoodPassword(password, owner)
    await tx.user.update({ where: { id: userId }, data: { emailVerified: true } })
    await setPassword(tx, userId, passwordHash)
    await noteEvent(tx, { userId, type: 'password-reset', browser })
    await endSessions(tx, userId)
    return owner
  })
  ctx.post.soon(() => ctx.post.send(user.email, passwordChanged()))
}

/**
 * Changes the own password, or sets the first one, and ends all other sessions.
 * @throws Problem `invalid-input`, `wrong-credentials`, `fresh-sign-in-required`, `rate-limited`
 */
export async function changePassword(
  ctx: Context,
  visit: Visit,
  { current, password }: { current?: string | undefined; password: string },
): Promise<void> {
  const { actor, user, browser } = visit
  await assertOwner(ctx, visit, current, 'body.current')
  assertGoodPassword(password, user)
  const type = (await hasPassword(ctx, actor.id)) ? 'password-changed' : 'password-set'
  const passwordHash = await hashPassword(password)
  await ctx.db.$transaction(async (tx) => {
    await setPassword(tx, actor.id, passwordHash)
    await noteEvent(tx, { userId: actor.id, type, browser })
    await endSessions(tx, actor.id, actor.sessionId)
  })
  ctx.post.soon(() => ctx.post.send(user.email, passwordChanged()))
}

/** Whatever was mailed to get in by opens nothing any more, and no device is trusted. */
async function setPassword(tx: Prisma.TransactionClient, userId: string, passwordHash: string): Promise<void> {
  await tx.mailToken.deleteMany({ where: { userId, purpose: { in: ['reset-password', 'magic-link'] } } })
  await forgetDevices(tx, userId)
  const { count } = await tx.account.updateMany({ where: { userId, providerId: 'credential' }, data: { passwordHash } })
  if (count > 0) return
  const data = { id: randomUUID(), userId, providerId: 'credential', accountId: userId, passwordHash }
  await tx.account.create({ data })
}

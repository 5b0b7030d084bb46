import { Problem } from '@realtime/contracts'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import { Prisma } from './database/client.ts'
import { noteEvent } from './events.ts'
import { addressChanged, addressInUse, changeAsked, confirmAddress, confirmNewAddress } from './mail/letters.ts'
import { assertMail } from './mail/service-mails.ts'
import { issueMailToken, refuseToken, takeMailToken } from './mail/tokens.ts'
import { assertOwner } from './ownership.ts'
import type { Visit } from './sessions.ts'
import { finishSignUp } from './sign-ups.ts'

/** Keeps the mail that confirms a first address, where mails are sent or kept. */
export async function mailConfirmation(ctx: Context, { id: userId, email }: { id: string; email: string }) {
  if (ctx.post.mode === 'none') return
  const { token, expiresAt } = await issueMailToken(ctx.db, { purpose: 'verify-email', userId, email })
  await ctx.post.send(email, confirmAddress(token), expiresAt)
}

/**
 * Sends the mail that confirms the own address once more; nothing where it is confirmed.
 * @throws Problem `mail-unavailable`, `rate-limited`
 */
export async function sendVerification(ctx: Context, { user }: Visit): Promise<void> {
  assertMail(ctx)
  if (user.emailVerified) return
  await ctx.limits.attempt({ mailsOf: user.id, mailsTo: `address ${user.email}` })
  await mailConfirmation(ctx, user)
}

/**
 * Confirms an address by the token of a mail: that of a sign-up, a first one, or a new one.
 * @throws Problem `invalid-token`, `email-taken` when somebody else has the new address by now, `sign-up-closed`
 */
export async function verifyEmail(ctx: Context, browser: Browser, { token }: { token: string }) {
  const signedUp = await finishSignUp(ctx, browser, token)
  if (signedUp) return signedUp
  try {
    const { email, old } = await ctx.db.$transaction((tx) => useAddressToken(tx, browser, token))
    if (old !== null) ctx.post.soon(() => ctx.post.send(old, addressChanged(email)))
    return { email }
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
      throw new Problem('email-taken')
    throw error
  }
}

/** Answers the confirmed address, and the one it replaced. */
async function useAddressToken(tx: Prisma.TransactionClient, browser: Browser, token: string) {
  const taken = (await takeMailToken(tx, ['verify-email', 'change-email'], token)) ?? refuseToken()
  const { purpose, userId, email } = taken
  const user = (await tx.user.findUnique({ where: { id: userId } })) ?? refuseToken()
  if (purpose === 'verify-email') {
    // The address is another one since: this mail says nothing of it.
    if (user.email !== email) refuseToken()
    await tx.user.update({ where: { id: userId }, data: { emailVerified: true } })
    if (!user.emailVerified) await noteEvent(tx, { userId, type: 'email-verified', detail: email, browser })
    return { email, old: null }
  }
  await tx.user.update({ where: { id: userId }, data: { email, emailVerified: true } })
  // What went to the old address opens nothing any more.
  await tx.mailToken.deleteMany({ where: { userId } })
  await noteEvent(tx, { userId, type: 'email-changed', detail: `${user.email} → ${email}`, browser })
  return { email, old: user.email }
}

/**
 * Asks for another address: it is used once the mail to it was followed, and the old one is told. A taken one has the
 * same answer; its owner alone is told.
 * @throws Problem `mail-unavailable`, `invalid-input`, `wrong-credentials`, `fresh-sign-in-required`, `rate-limited`
 */
export async function changeEmail(
  ctx: Context,
  visit: Visit,
  { email, password }: { email: string; password?: string | undefined },
): Promise<void> {
  assertMail(ctx)
  await assertOwner(ctx, visit, password)
  const { id: userId, email: old } = visit.user
  if (email === old) {
    const message = 'is your address already'
    throw new Problem('invalid-input', `body.email: ${message}`, { errors: [{ path: 'body.email', message }] })
  }
  await ctx.limits.attempt({ mailsOf: userId, mailsTo: `address ${email}` })
  // Made for a taken address as well, whose mail never leaves: what is pending tells nothing either.
  const { token, expiresAt } = await ctx.db.$transaction(async (tx) => {
    await tx.mailToken.deleteMany({ where: { userId, purpose: 'change-email' } })
    await noteEvent(tx, { userId, type: 'email-change-asked', detail: email, browser: visit.browser })
    return issueMailToken(tx, { purpose: 'change-email', userId, email })
  })
  ctx.post.soon(async () => {
    await ctx.post.send(old, changeAsked(email))
    const taken = await ctx.db.user.findUnique({ where: { email }, select: { id: true } })
    await ctx.post.send(email, taken ? addressInUse() : confirmNewAddress(token), expiresAt)
  })
}

/** The address that somebody asked for and has not confirmed yet; null when there is none. */
export async function pendingEmail(ctx: Context, userId: string): Promise<string | null> {
  const where = { userId, purpose: 'change-email', expiresAt: { gt: new Date() } }
  const row = await ctx.db.mailToken.findFirst({ where, select: { email: true } })
  return row?.email ?? null
}

import { Problem } from '@realtime/contracts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import { accountDeleted } from './mail/letters.ts'
import { assertOwner } from './ownership.ts'
import { asking } from './refusals.ts'
import { revoke } from './revocations.ts'
import { endSessions, type Visit } from './sessions.ts'

/**
 * Deletes the own account for good, with all that auth knows of the person; other services read it from `changes`.
 * @throws Problem `invalid-input` (another address), `wrong-credentials`, `fresh-sign-in-required`, `conflict` for the
 * last administrator, `rate-limited`
 */
export async function deleteAccount(
  ctx: Context,
  visit: Visit,
  input: { password?: string | undefined; email: string },
): Promise<void> {
  const { user, browser } = visit
  if (input.email.trim().toLowerCase() !== user.email) {
    const message = 'is not the address of this account'
    throw new Problem('invalid-input', `body.email: ${message}`, { errors: [{ path: 'body.email', message }] })
  }
  await assertOwner(ctx, visit, input.password)
  await ctx.db.$transaction((tx) => deletePerson(tx, user))
  ctx.post.soon(() => ctx.post.send(user.email, accountDeleted()))
  const { headers } = await asking(ctx.identity.api.signOut({ headers: browser.headers, returnHeaders: true }))
  browser.keepCookies(headers)
}

/**
 * Makes sure that `deleteAccount` would go well now: what comes before it cannot be taken back.
 * @throws Problem `wrong-credentials`, `fresh-sign-in-required`, `conflict` for the last administrator, `rate-limited`
 */
export async function checkDeletion(
  ctx: Context,
  visit: Visit,
  { password }: { password?: string | undefined },
): Promise<void> {
  await assertOwner(ctx, visit, password)
  await ctx.db.$transaction((tx) => assertNotLast(tx, visit.user.id))
}

/** Deletes all of a person in a transaction. @throws Problem `conflict` for the last administrator */
async function deletePerson(tx: Prisma.TransactionClient, { id: userId, email }: { id: string; email: string }) {
  await assertNotLast(tx, userId)
  await endSessions(tx, userId)
  const keys = await tx.apiKey.findMany({ where: { userId }, select: { id: true } })
  await revoke(
    tx,
    keys.map(({ id }) => id),
  )
  await tx.mailToken.deleteMany({ where: { userId } })
  await tx.mail.deleteMany({ where: { to: email } })
  await tx.pendingSignUp.deleteMany({ where: { email } })
  // Second steps and trusted devices.
  await tx.verification.deleteMany({ where: { value: userId } })
  // Sessions, ways to sign in, keys and events go with it.
  await tx.user.delete({ where: { id: userId } })
  await recordChange(tx, { type: 'account.deleted', userId })
}

/** Makes sure that an administrator stays. @throws Problem `conflict` */
async function assertNotLast(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  // Locked, so that of two administrators who leave at once one stays.
  const administrators = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM users WHERE administrator AND suspended_at IS NULL ORDER BY id FOR UPDATE`
  if (administrators.length === 1 && administrators[0]?.id === userId) {
    const detail = 'You are the only administrator of this server; make somebody else one first.'
    throw new Problem('conflict', detail)
  }
}

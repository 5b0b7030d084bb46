import { randomUUID } from 'node:crypto'
import { Problem } from '@realtime/contracts'
import { hashPassword } from '@realtime/kit/passwords'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import { Prisma } from './database/client.ts'
import { noteEvent } from './events.ts'
import { completeSignUp, hasAccount } from './mail/letters.ts'
import { hashOf, newToken } from './mail/tokens.ts'
import { assertSignUpPass, useSignUpPass } from './passes.ts'
import { signUpRule } from './settings.ts'
import type { Entrant } from './sign-in.ts'

/** How long the mail that completes a sign-up works. */
const LIFE_MS = 24 * 60 * 60 * 1000

interface NewAccount {
  name: string
  email: string
  passwordHash: string
  emailVerified: boolean
  administrator?: true
  founder?: true
}

interface SignUp {
  name: string
  email: string
  password: string
  /** Where to go once signed in: a path of this server. */
  to?: string | undefined
}

/**
 * Mails whoever signs up the link that makes the account; the owner of a taken address is told instead. Both take the
 * same time and have the same answer, and there is no account before the link was followed: neither the answer nor a
 * try to sign in tells whether an address is taken.
 * @throws Problem `invalid-token` (invitation), `rate-limited`
 */
export async function beginSignUp(ctx: Context, browser: Browser, input: SignUp, pass: string | null): Promise<void> {
  const { name, email, password, to } = input
  if (pass !== null) await assertSignUpPass(ctx, pass)
  await ctx.limits.attempt({ mailsFrom: browser.network, mailsTo: `sign-up ${email}` })
  const passwordHash = await hashPassword(password)
  ctx.post.soon(async () => {
    if (await ctx.db.user.findUnique({ where: { email }, select: { id: true } })) {
      return ctx.post.send(email, hasAccount())
    }
    const { token, hash } = newToken()
    const expiresAt = new Date(Date.now() + LIFE_MS)
    await ctx.db.pendingSignUp.create({ data: { hash, name, email, passwordHash, pass, expiresAt } })
    return ctx.post.send(email, completeSignUp(token, to), expiresAt)
  })
}

/**
 * Makes the account of a sign-up whose mail was followed; null where the token is of no sign-up.
 * @throws Problem `email-taken`, `sign-up-closed`, `invalid-token` (the invitation was used up or withdrawn since)
 */
export async function finishSignUp(ctx: Context, browser: Browser, token: string): Promise<{ email: string } | null> {
  const where = { hash: hashOf(token), expiresAt: { gt: new Date() } }
  const pending = await ctx.db.pendingSignUp.findFirst({ where })
  if (!pending) return null
  const { name, email, passwordHash, pass } = pending
  const rule = await signUpRule(ctx)
  if (rule === 'closed' || (rule === 'invitation' && pass === null)) throw new Problem('sign-up-closed')
  const made = await createAccount(ctx, { name, email, passwordHash, emailVerified: true }, pass)
  if (!made) throw new Problem('email-taken')
  await ctx.db.pendingSignUp.deleteMany({ where: { email } })
  await noteEvent(ctx.db, { userId: made.id, type: 'account-created', browser })
  return { email }
}

/**
 * Creates a person with a password and uses up the pass, at once or not at all; null when the e-mail or the founder
 * exists already. @throws Problem `invalid-token`
 */
export async function createAccount(ctx: Context, input: NewAccount, pass: string | null): Promise<Entrant | null> {
  const id = randomUUID()
  const { passwordHash, ...person } = input
  try {
    return await ctx.db.$transaction(async (tx) => {
      if (pass !== null) await useSignUpPass(tx, pass)
      // The form in which better-auth looks for a password.
      const accounts = { create: { id: randomUUID(), providerId: 'credential', accountId: id, passwordHash } }
      return await tx.user.create({ data: { id, ...person, accounts } })
    })
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return null
    throw error
  }
}

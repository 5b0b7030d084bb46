import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { Problem, type User } from '@realtime/contracts'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import { Prisma } from './database/client.ts'
import { confirmAddress } from './mail/letters.ts'
import { issueMailToken } from './mail/tokens.ts'
import { useSignUpPass } from './passes.ts'
import { hashPassword } from './passwords.ts'
import { signUpRule } from './settings.ts'
import { completeSignIn, type Entrant } from './sign-in.ts'

interface NewAccount {
  name: string
  email: string
  password: string
}

/** Whether the instance administrator exists. */
export async function isSetUp(ctx: Context): Promise<boolean> {
  return (await ctx.db.user.findFirst({ where: { administrator: true }, select: { id: true } })) !== null
}

/**
 * Creates the instance administrator and signs in. Of two at once one wins: `founder` is unique.
 * @throws Problem `setup-done`, `invalid-token`, `email-taken`, `rate-limited`
 */
export async function setUp(ctx: Context, browser: Browser, input: NewAccount & { token: string }) {
  if (await isSetUp(ctx)) throw new Problem('setup-done')
  const attempt = await ctx.limits.attempt({ setupAddress: browser.address })
  const { SETUP_TOKEN } = ctx.config
  if (!SETUP_TOKEN) throw new Problem('invalid-token', 'This server has no SETUP_TOKEN, so it cannot be set up here.')
  if (!sameSecret(input.token, SETUP_TOKEN))
    throw new Problem('invalid-token', 'This is not the setup link of this server.')
  const user = await createAccount(ctx, input, { administrator: true, founder: true })
  if (!user) throw new Problem((await isSetUp(ctx)) ? 'setup-done' : 'email-taken')
  await attempt.succeeded()
  return { user: await welcome(ctx, browser, user) }
}

/**
 * Creates an account and signs in.
 * @throws Problem `sign-up-closed`, `invalid-token` (invitation), `email-taken`, `rate-limited`
 */
export async function signUp(ctx: Context, browser: Browser, input: NewAccount & { invitation?: string | undefined }) {
  await ctx.limits.attempt({ signUpAddress: browser.address })
  const attempt = await ctx.limits.attempt({ signUpFailed: browser.address })
  const pass = await passToEnter(ctx, input.invitation)
  const user = await createAccount(ctx, input, {}, pass)
  if (!user) throw new Problem('email-taken')
  await attempt.succeeded()
  return { user: await welcome(ctx, browser, user) }
}

/** The hash of the sign-up pass that an account needs here; null where it needs none. */
async function passToEnter(ctx: Context, invitation: string | undefined): Promise<string | null> {
  if (!(await isSetUp(ctx))) {
    throw new Problem('sign-up-closed', 'This server is not set up yet; its administrator opens the setup link first.')
  }
  const rule = await signUpRule(ctx)
  if (rule === 'open') return null
  if (rule === 'closed') throw new Problem('sign-up-closed')
  if (!invitation) throw new Problem('sign-up-closed', 'On this server an account needs an invitation link.')
  return createHash('sha256').update(invitation).digest('hex')
}

/**
 * Creates a person with a password and uses up the pass, at once or not at all; null when the e-mail or the founder
 * exists already. @throws Problem `invalid-token`
 */
async function createAccount(
  ctx: Context,
  input: NewAccount,
  rank: { administrator?: true; founder?: true },
  pass: string | null = null,
): Promise<Entrant | null> {
  const id = randomUUID()
  const passwordHash = await hashPassword(input.password)
  try {
    return await ctx.db.$transaction(async (tx) => {
      if (pass !== null) await useSignUpPass(tx, pass)
      return await tx.user.create({
        data: {
          id,
          name: input.name,
          email: input.email,
          ...rank,
          // The form in which better-auth looks for a password.
          accounts: { create: { id: randomUUID(), providerId: 'credential', accountId: id, passwordHash } },
        },
      })
    })
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return null
    throw error
  }
}

/** Sends the mail that confirms a first address, where mails are sent or kept. */
export async function sendConfirmation(ctx: Context, { id: userId, email }: { id: string; email: string }) {
  if (ctx.post.mode === 'none') return
  const { token, expiresAt } = await issueMailToken(ctx.db, { purpose: 'verify-email', userId, email })
  await ctx.post.send(email, confirmAddress(token), expiresAt)
}

async function welcome(ctx: Context, browser: Browser, entrant: Entrant): Promise<User> {
  const user = await completeSignIn(ctx, browser, entrant, { how: 'sign-up' })
  // The account exists: a mail that cannot be kept must not make the answer a failure.
  ctx.post.soon(() => sendConfirmation(ctx, user))
  return user
}

function sameSecret(given: string, expected: string): boolean {
  const [left, right] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return left !== undefined && right !== undefined && timingSafeEqual(left, right)
}

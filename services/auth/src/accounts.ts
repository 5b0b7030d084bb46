import { createHash, timingSafeEqual } from 'node:crypto'
import { Problem, type User } from '@realtime/contracts'
import { hashPassword } from '@realtime/kit/passwords'
import { mailConfirmation } from './addresses.ts'
import type { Browser } from './browsers.ts'
import { assertGoodPassword } from './common-passwords.ts'
import type { Context } from './context.ts'
import { noteEvent } from './events.ts'
import { signUpRule } from './settings.ts'
import { completeSignIn, type Entrant } from './sign-in.ts'
import { beginSignUp, createAccount } from './sign-ups.ts'

interface NewAccount {
  name: string
  email: string
  password: string
}

/** Whether the instance administrator exists. */
export async function isSetUp(ctx: Pick<Context, 'db'>): Promise<boolean> {
  return (await ctx.db.user.findFirst({ where: { administrator: true }, select: { id: true } })) !== null
}

/**
 * Creates the instance administrator and signs in. Of two at once one wins: `founder` is unique.
 * @throws Problem `setup-done`, `invalid-token`, `email-taken`, `rate-limited`
 */
export async function setUp(ctx: Context, browser: Browser, input: NewAccount & { token: string }) {
  if (await isSetUp(ctx)) throw new Problem('setup-done')
  const attempt = await ctx.limits.attempt({ setupAddress: browser.network })
  const { SETUP_TOKEN } = ctx.config
  if (!SETUP_TOKEN) throw new Problem('invalid-token', 'This server has no SETUP_TOKEN, so it cannot be set up here.')
  if (!sameSecret(input.token, SETUP_TOKEN))
    throw new Problem('invalid-token', 'This is not the setup link of this server.')
  assertGoodPassword(input.password, input)
  const { name, email, password } = input
  const passwordHash = await hashPassword(password)
  const rank = { administrator: true, founder: true } as const
  const user = await createAccount(ctx, { name, email, passwordHash, emailVerified: false, ...rank }, null)
  if (!user) throw new Problem((await isSetUp(ctx)) ? 'setup-done' : 'email-taken')
  await attempt.succeeded()
  return { user: await welcome(ctx, browser, user) }
}

/**
 * Creates an account and signs in; the answer says when the address is taken. Where mails are sent nobody may learn
 * that: then `user` is null, and the account is made when the mail to the address is followed.
 * @throws Problem `sign-up-closed`, `invalid-token` (invitation), `invalid-input`, `email-taken`, `rate-limited`
 */
export async function signUp(
  ctx: Context,
  browser: Browser,
  input: NewAccount & { invitation?: string | undefined; to?: string | undefined },
): Promise<{ user: User | null }> {
  await ctx.limits.attempt({ signUpAddress: browser.network })
  const attempt = await ctx.limits.attempt({ signUpFailed: browser.network })
  const pass = await passToEnter(ctx, input.invitation)
  assertGoodPassword(input.password, input)
  if (ctx.post.mode === 'smtp') {
    await beginSignUp(ctx, browser, input, pass)
    await attempt.succeeded()
    return { user: null }
  }
  const { name, email, password } = input
  const passwordHash = await hashPassword(password)
  const user = await createAccount(ctx, { name, email, passwordHash, emailVerified: false }, pass)
  if (!user) throw new Problem('email-taken')
  await attempt.succeeded()
  return { user: await welcome(ctx, browser, user) }
}

/**
 * The hash of the sign-up pass that an account needs here; null where it needs none.
 * @throws Problem `sign-up-closed`
 */
export async function passToEnter(
  ctx: Pick<Context, 'config' | 'db'>,
  invitation: string | undefined,
): Promise<string | null> {
  if (!(await isSetUp(ctx))) {
    throw new Problem('sign-up-closed', 'This server is not set up yet; its administrator opens the setup link first.')
  }
  const rule = await signUpRule(ctx)
  if (rule === 'open') return null
  if (rule === 'closed') throw new Problem('sign-up-closed')
  if (!invitation) throw new Problem('sign-up-closed', 'On this server an account needs an invitation link.')
  return createHash('sha256').update(invitation).digest('hex')
}

async function welcome(ctx: Context, browser: Browser, entrant: Entrant): Promise<User> {
  await noteEvent(ctx.db, { userId: entrant.id, type: 'account-created', browser })
  const user = await completeSignIn(ctx, browser, entrant, { how: 'sign-up' })
  // The account exists: a mail that cannot be kept must not make the answer a failure.
  ctx.post.soon(() => mailConfirmation(ctx, user))
  return user
}

function sameSecret(given: string, expected: string): boolean {
  const [left, right] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return left !== undefined && right !== undefined && timingSafeEqual(left, right)
}

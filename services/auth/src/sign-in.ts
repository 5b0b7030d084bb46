import { Problem, type User } from '@realtime/contracts'
import { rejectPassword, verifyPassword } from '@realtime/kit/passwords'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import { noteEvent } from './events.ts'
import { asking } from './refusals.ts'
import { type UserRow, userView } from './sessions.ts'

/** How somebody showed who they are, and whether a code is asked for after it where codes are switched on. */
const ways = {
  'sign-up': { code: false },
  password: { code: true },
  'magic-link': { code: true },
  passkey: { code: false },
  provider: { code: true },
  'two-factor': { code: false },
} as const

export type Way = keyof typeof ways

/** Said to every wrong sign-in alike where mails complete a sign-up: before that there is no account. */
const UNCONFIRMED =
  'The e-mail address or the password is wrong. If you just signed up, follow the link in the mail to you first.'

/** What is to be known of who signs in. */
export interface Entrant extends UserRow {
  suspendedAt: Date | null
  twoFactorEnabled: boolean
}

/**
 * Signs in with e-mail and password. An unknown e-mail costs the same time and has the same answer.
 * @throws Problem `wrong-credentials`, `rate-limited`, `suspended`, `two-factor-required`
 */
export async function signIn(
  ctx: Context,
  browser: Browser,
  input: { email: string; password: string },
): Promise<{ user: User }> {
  const attempt = await ctx.limits.attempt({
    signInPair: `${browser.network} ${input.email}`,
    signInAccount: input.email,
    signInAddress: browser.network,
  })
  const user = await ctx.db.user.findUnique({
    where: { email: input.email },
    include: { accounts: { where: { providerId: 'credential' }, select: { passwordHash: true } } },
  })
  const hash = user?.accounts[0]?.passwordHash
  const right = hash ? await verifyPassword({ hash, password: input.password }) : await rejectPassword(input.password)
  if (!user || !right) throw new Problem('wrong-credentials', ctx.post.mode === 'smtp' ? UNCONFIRMED : undefined)
  await attempt.succeeded(['signInPair'])
  return { user: await completeSignIn(ctx, browser, user, { how: 'password' }) }
}

/**
 * Opens a session for somebody who has shown who they are, the one way in: sets its cookie and notes the event.
 * @throws Problem `suspended`, or `two-factor-required` where a code is asked for next
 */
export async function completeSignIn(
  ctx: Context,
  browser: Browser,
  user: Entrant,
  { how, detail }: { how: Way; detail?: string },
): Promise<User> {
  if (user.suspendedAt) throw new Problem('suspended')
  const enter = ways[how].code ? ctx.identity.api.enterOrAsk : ctx.identity.api.enter
  const { headers, response } = await asking(
    enter({ body: { userId: user.id }, headers: browser.headers, returnHeaders: true }),
  )
  browser.keepCookies(headers)
  if (response.sessionId === undefined) throw new Problem('two-factor-required')
  await noteEvent(ctx.db, { userId: user.id, type: 'signed-in', detail: detail ?? how, browser })
  return userView(user)
}

import { Problem, type User } from '@realtime/contracts'
import type { Browser } from '../browsers.ts'
import type { Context } from '../context.ts'
import { noteEvent } from '../events.ts'
import { closeLibrarySession, withoutSession } from '../library-sessions.ts'
import { asking } from '../refusals.ts'
import { completeSignIn } from '../sign-in.ts'
import { plainRecoveryCode, takeCode } from './two-factor.ts'

type Given = { code: string; trustDevice: boolean } | { recoveryCode: string }

/**
 * The second step of signing in, in the browser that took the first one within ten minutes.
 * @throws Problem `wrong-credentials`, `unauthenticated` where the first step is to be taken again, `suspended`,
 * `rate-limited`
 */
export async function signInWithCode(ctx: Context, browser: Browser, input: Given): Promise<{ user: User }> {
  const headers = await withoutSession(ctx, browser)
  const { userId } = await asking(ctx.identity.api.challenged({ headers }))
  const user = userId ? await ctx.db.user.findUnique({ where: { id: userId } }) : null
  if (!user?.twoFactorEnabled) throw new Problem('unauthenticated', 'It took too long; sign in again.')
  if (user.suspendedAt) throw new Problem('suspended')
  const answer =
    'code' in input ? await byApp(ctx, user.id, headers, input) : await byRecovery(ctx, user.id, headers, input)
  const { cookies } = await closeLibrarySession(ctx, answer)
  browser.keepCookies(cookies)
  if ('recoveryCode' in input) await noteEvent(ctx.db, { userId: user.id, type: 'recovery-code-used', browser })
  return { user: await completeSignIn(ctx, browser, user, { how: 'two-factor' }) }
}

async function byApp(ctx: Context, userId: string, headers: Headers, input: { code: string; trustDevice: boolean }) {
  await takeCode(ctx, userId, input.code)
  const answer = await asking(ctx.identity.api.verifyTOTP({ body: input, headers, returnHeaders: true }))
  return answer.headers
}

async function byRecovery(ctx: Context, userId: string, headers: Headers, input: { recoveryCode: string }) {
  const attempt = await ctx.limits.attempt({ codeAccount: userId })
  const body = { code: plainRecoveryCode(input.recoveryCode) }
  const answer = await asking(ctx.identity.api.verifyBackupCode({ body, headers, returnHeaders: true }))
  await attempt.succeeded(['codeAccount'])
  return answer.headers
}

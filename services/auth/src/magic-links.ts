import type { User } from '@realtime/contracts'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import { magicLink } from './mail/letters.ts'
import { assertMail } from './mail/service-mails.ts'
import { issueMailToken, refuseToken, takeMailToken } from './mail/tokens.ts'
import { completeSignIn } from './sign-in.ts'

/**
 * Mails a link that signs in; `to` is where it leads then. An unknown address gets none and no account, and has the same
 * answer after the same time: it is looked up later.
 * @throws Problem `mail-unavailable`, `rate-limited`
 */
export async function sendMagicLink(
  ctx: Context,
  browser: Browser,
  { email, to }: { email: string; to?: string | undefined },
): Promise<void> {
  assertMail(ctx)
  await ctx.limits.attempt({ mailsFrom: browser.network, mailsTo: `magic-link ${email}` })
  ctx.post.soon(async () => {
    const user = await ctx.db.user.findUnique({ where: { email } })
    if (!user || user.suspendedAt) return
    const { token, expiresAt } = await issueMailToken(ctx.db, { purpose: 'magic-link', userId: user.id, email })
    await ctx.post.send(email, magicLink(token, to), expiresAt)
  })
}

/**
 * Signs in by the token of such a mail, once, also where a code is asked for next.
 * @throws Problem `invalid-token`, `suspended`, `two-factor-required`
 */
export async function enterByMagicLink(
  ctx: Context,
  browser: Browser,
  { token }: { token: string },
): Promise<{ user: User }> {
  const { userId, email } = (await takeMailToken(ctx.db, ['magic-link'], token)) ?? refuseToken()
  const user = (await ctx.db.user.findFirst({ where: { id: userId, email } })) ?? refuseToken()
  return { user: await completeSignIn(ctx, browser, user, { how: 'magic-link' }) }
}

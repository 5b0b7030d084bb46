import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'

/**
 * Some calls of the library open a session by themselves. It is closed before anyone saw it, and `completeSignIn` opens
 * the real one, so that there is one way in. Answers whose it was, and the other cookies of the answer.
 */
export async function closeLibrarySession(
  ctx: Context,
  answer: Headers,
): Promise<{ userId: string | null; cookies: Headers }> {
  const name = await sessionCookie(ctx)
  const cookies = new Headers()
  let userId: string | null = null
  for (const cookie of answer.getSetCookie()) {
    const [, value = ''] = new RegExp(`^${name}=([^;]*)`).exec(cookie) ?? [null, null]
    if (value === null) cookies.append('set-cookie', cookie)
    const token = decodeURIComponent(value ?? '').split('.')[0]
    const session = token ? await ctx.db.session.findUnique({ where: { token } }) : null
    if (!session) continue
    await ctx.db.session.deleteMany({ where: { token: session.token } })
    userId = session.userId
  }
  return { userId, cookies }
}

/** What a browser sent, without its session: the library would otherwise take the question as one of that session. */
export async function withoutSession(ctx: Context, browser: Browser): Promise<Headers> {
  const name = await sessionCookie(ctx)
  const headers = new Headers(browser.headers)
  const cookies = (headers.get('cookie') ?? '').split(/;\s*/).filter((cookie) => !cookie.startsWith(`${name}=`))
  headers.set('cookie', cookies.join('; '))
  return headers
}

async function sessionCookie(ctx: Context): Promise<string> {
  return (await ctx.identity.$context).authCookies.sessionToken.name
}

import { type authInternal, type BodyOf, email, invalidInput, Problem } from '@realtime/contracts'
import type { Context } from '../context.ts'

/** @throws Problem `mail-unavailable` where mails are neither sent nor kept */
export function assertMail(ctx: Context): void {
  if (ctx.post.mode !== 'none') return
  throw new Problem('mail-unavailable', 'No mail server is set up here, so no mail can be sent.')
}

/**
 * Sends a mail of another service. People whose address is not confirmed get none: it may be a stranger's. `sent` is
 * whether it goes out.
 * @throws Problem `invalid-input` for an address that is none
 */
export async function sendServiceMail(
  ctx: Context,
  { to, ...letter }: BodyOf<typeof authInternal.sendMail>,
): Promise<{ sent: boolean }> {
  const address = await addressOf(ctx, to)
  if (address === null) return { sent: false }
  return { sent: (await ctx.post.send(address, letter)) === 'smtp' }
}

async function addressOf(ctx: Context, to: { userId: string } | { email: string }): Promise<string | null> {
  if ('email' in to) {
    const parsed = email.safeParse(to.email)
    if (!parsed.success) throw invalidInput(parsed.error, 'body.to.email')
    return parsed.data
  }
  const user = await ctx.db.user.findUnique({ where: { id: to.userId } })
  if (!user || user.suspendedAt) return null
  // On this machine alone a mail bothers nobody, and the administrator sees what would go out.
  return user.emailVerified || ctx.post.mode === 'outbox' ? user.email : null
}

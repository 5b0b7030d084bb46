import type { Context } from './context.ts'
import type { Visit } from './sessions.ts'

/** All that auth knows of a person, but secrets: they are no news to their owner, and a file of them is a risk. */
export async function exportAccount(ctx: Context, { actor }: Visit) {
  const person = await ctx.db.user.findUniqueOrThrow({
    where: { id: actor.id },
    omit: { founder: true },
    include: {
      sessions: { omit: { token: true, userId: true } },
      accounts: { select: { providerId: true, accountId: true, scope: true, createdAt: true, updatedAt: true } },
      passkeys: { select: { name: true, deviceType: true, backedUp: true, createdAt: true } },
      apiKeys: { omit: { hash: true, userId: true } },
      events: { omit: { userId: true }, orderBy: { at: 'desc' } },
    },
  })
  const { sessions, accounts, passkeys, apiKeys, events, ...account } = person
  const waysIn = accounts.map(({ providerId, ...way }) => ({
    ...way,
    provider: providerId === 'credential' ? 'password' : providerId,
  }))
  const { mails, mailTokens } = await mailsOf(ctx, account)
  const known = { account, waysIn, passkeys, apiKeys, sessions, events, mails, mailTokens }
  // Dates become text, as in every other answer.
  return JSON.parse(JSON.stringify({ exportedAt: new Date(), ...known })) as Record<string, unknown>
}

/** Mails that wait or were kept, and what links of them are for; the links themselves open the account. */
async function mailsOf(ctx: Context, { id: userId, email }: { id: string; email: string }) {
  const mails = await ctx.db.mail.findMany({
    where: { to: email },
    select: { to: true, subject: true, state: true, createdAt: true },
  })
  const mailTokens = await ctx.db.mailToken.findMany({
    where: { userId },
    select: { purpose: true, email: true, expiresAt: true },
  })
  return { mails, mailTokens }
}

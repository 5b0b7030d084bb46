import { Problem } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Visit } from './sessions.ts'

/** How many mails the outbox shows, newest first. */
const SHOWN = 100

/**
 * Sends a mail. No mail server can be configured yet, so it is kept in the outbox for the administrator; where the
 * outbox is off it is dropped, since a table of links that nobody may read is only a risk.
 */
export async function sendMail(ctx: Context, mail: { to: string; subject: string; text: string }): Promise<void> {
  if (!outboxIsOn(ctx)) return ctx.log.debug({ subject: mail.subject }, 'mail dropped: no mail server, no outbox')
  await ctx.db.mail.create({ data: mail })
}

/** The mails that were not sent, newest first; for the administrator of a server on this machine only. */
export async function listOutbox(ctx: Context, visit: Visit) {
  if (!outboxIsOn(ctx)) throw new Problem('not-found', 'The outbox is off, since this server is not on loopback.')
  if (!visit.user.administrator) throw new Problem('forbidden', 'The outbox is for the instance administrator.')
  const mails = await ctx.db.mail.findMany({ orderBy: { id: 'desc' }, take: SHOWN })
  return { mails: mails.map((mail) => ({ ...mail, createdAt: mail.createdAt.toISOString() })) }
}

function outboxIsOn(ctx: Context): boolean {
  const { hostname } = new URL(ctx.config.PUBLIC_URL)
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

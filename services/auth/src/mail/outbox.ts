import { Problem } from '@realtime/contracts'
import type { Context } from '../context.ts'
import type { Visit } from '../sessions.ts'

/** How many mails the outbox shows, newest first. */
const SHOWN = 100

/** The mails that were not sent, newest first; for the administrator of a server on this machine only. */
export async function listOutbox(ctx: Context, visit: Visit) {
  if (!visit.user.administrator) throw new Problem('forbidden', 'The outbox is for the instance administrator.')
  if (ctx.post.mode !== 'outbox') {
    const why = ctx.post.mode === 'smtp' ? 'mails are sent' : 'this server is not on loopback'
    throw new Problem('not-found', `The outbox is off, since ${why}.`)
  }
  const mails = await ctx.db.mail.findMany({ where: { state: 'outbox' }, orderBy: { id: 'desc' }, take: SHOWN })
  return {
    mails: mails.map(({ id, to, subject, text, html, createdAt }) => {
      return { id, to, subject, text, html, createdAt: createdAt.toISOString() }
    }),
  }
}

import { authInternal, call } from '@realtime/contracts'
import type { Context } from './context.ts'
import { isVisitor, nameOf, type SeenNews, threadIn, visibleNews } from './notifications.ts'

/** Lines of a mail; the rest is in the inbox. */
const MOST_LINES = 20
/** People of one round. */
const MOST_PEOPLE = 200

/**
 * Mails people what has been in their inbox for an hour unread, at most once a day. Where no mails go out it does
 * nothing.
 * @throws Problem when some could not be sent, to be tried again
 */
export async function mailDigests(ctx: Context, signal: AbortSignal): Promise<void> {
  const due = await ctx.db.$queryRaw<{ userId: string }[]>`
    SELECT DISTINCT n.user_id AS "userId" FROM notifications n LEFT JOIN digests d ON d.user_id = n.user_id
    WHERE n.read_at IS NULL AND n.mailed_at IS NULL AND n.at < now() - interval '1 hour'
      AND (d.at IS NULL OR d.at < now() - interval '1 day') LIMIT ${MOST_PEOPLE}`
  if (due.length === 0) return
  const { mail } = await call(ctx.auth, authInternal.mailing, {})
  if (mail === 'none') return
  let failed: unknown = null
  for (const { userId } of due) {
    if (signal.aborted) return
    // One whose mail cannot be sent holds up nobody else.
    await mailDigest(ctx, userId).catch((error: unknown) => {
      failed = error
    })
  }
  if (failed) throw failed
}

async function mailDigest(ctx: Context, userId: string): Promise<void> {
  // Whoever takes this turn sends it, in whichever process.
  const turn = await ctx.db.$queryRaw<unknown[]>`
    INSERT INTO digests AS d (user_id, at) VALUES (${userId}, now())
    ON CONFLICT (user_id) DO UPDATE SET at = excluded.at WHERE d.at < now() - interval '1 day' RETURNING 1`
  if (turn.length === 0) return
  const giveBack = (): Promise<unknown> => ctx.db.digest.deleteMany({ where: { userId } })
  try {
    const hour = new Date(Date.now() - 3_600_000)
    const where = { userId, readAt: null, mailedAt: null, at: { lt: hour } }
    const rows = await ctx.db.notification.findMany({ where, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: 500 })
    const seen = await visibleNews(ctx, { type: 'user', id: userId, sessionId: '' }, rows)
    if (seen.length > 0) await send(ctx, userId, seen)
    await ctx.db.$executeRaw`
      UPDATE notifications SET mailed_at = now() WHERE id IN (
        SELECT id FROM notifications WHERE id = ANY(${rows.map(({ id }) => id)}) ORDER BY id FOR UPDATE
      )`
    if (seen.length === 0) await giveBack()
  } catch (error) {
    await giveBack()
    throw error
  }
}

async function send(ctx: Context, userId: string, seen: SeenNews[]): Promise<void> {
  const lines = await Promise.all(seen.slice(0, MOST_LINES).map((one) => lineOf(ctx, one)))
  const rest = seen.length - lines.length
  const body = {
    to: { userId },
    subject: seen.length === 1 ? 'Something is new in your inbox' : `${seen.length} things are new in your inbox`,
    paragraphs: rest > 0 ? [...lines, `And ${rest} more.`] : lines,
    button: buttonOf(seen),
    footer: 'You get one such mail a day at most, and none while nothing is left unread.',
  }
  await call(ctx.auth, authInternal.sendMail, { body })
}

/** To the comment, if that is all there is. */
function buttonOf([first, ...more]: SeenNews[]): { label: string; path: string } {
  const thread = first && threadIn(first.row.key)
  if (!thread || !first.document || more.length > 0) return { label: 'Open the inbox', path: '/inbox' }
  return { label: 'Open the comment', path: `/d/${first.document.id}?thread=${thread}` }
}

async function lineOf(ctx: Context, { row, document }: SeenNews): Promise<string> {
  const called = (await nameOf(ctx, row)).name || 'Somebody'
  // Visitors call themselves as they like, like somebody else too.
  const name = isVisitor(row) ? `${called} (visitor)` : called
  const what = document ? `“${document.title || 'Untitled'}”` : row.text ? `“${row.text}”` : 'a project'
  if (row.type === 'invited') return `${name} added you to ${what}.`
  if (row.type === 'shared') return `${name} shared ${what} with you.`
  const said = row.text ? `: ${row.text}` : '.'
  return `${name} ${row.type === 'mentioned' ? 'mentioned you' : 'commented'} in ${what}${said}`
}

import type { Comment as Row } from '../database/client.ts'
import { keepNews, threadKey } from '../notifications.ts'
import type { Transaction } from './changing.ts'
import { mentionsIn } from './mentions.ts'

/** A comment that people are told of. */
export interface Told {
  organizationId: string
  resourceId: string
  comment: Pick<Row, 'id' | 'threadId' | 'principal'>
  /** A piece of it, as inboxes show it. */
  piece: string
}

/**
 * Puts a comment into inboxes: into those of the mentioned as that, into those of all others as something that was said
 * in the thread. Answers whose inbox is another now.
 */
export async function tell(
  tx: Transaction,
  { organizationId, resourceId, comment, piece }: Told,
  { mentioned, others }: { mentioned: string[]; others: string[] },
): Promise<string[]> {
  const { id, threadId, principal } = comment
  const news = { organizationId, resourceId, principal, text: piece, commentId: id }
  const rest = others.filter((userId) => !mentioned.includes(userId))
  return [
    ...(await keepNews(tx, mentioned, { ...news, type: 'mentioned', key: threadKey(threadId, id) })),
    ...(await keepNews(tx, rest, { ...news, type: 'commented', key: threadKey(threadId) })),
  ]
}

/**
 * Lets inboxes say of a comment what it says now, unread or read as they are, and takes it out of those of the people
 * who are mentioned no more. Answers whose inbox is another now.
 */
export async function retell(
  tx: Transaction,
  { resourceId, comment, piece }: Told,
  mentioned: string[],
): Promise<string[]> {
  const entries = await holdEntries(tx, resourceId, comment.id)
  const own = threadKey(comment.threadId, comment.id)
  const gone = entries.filter(({ key, userId }) => key === own && !mentioned.includes(userId))
  const kept = entries.filter((entry) => !gone.includes(entry))
  await tx.notification.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } })
  await tx.notification.updateMany({ where: { id: { in: kept.map(({ id }) => id) } }, data: { text: piece } })
  return entries.map(({ userId }) => userId)
}

/**
 * Takes a comment out of inboxes. What told somebody of it as something that was said in the thread tells of another one
 * instead, unread or read as it is. Answers whose inbox is another now.
 */
export async function untell(
  tx: Transaction,
  { resourceId, comment }: Omit<Told, 'organizationId' | 'piece'>,
  instead: (userId: string) => { id: string; piece: string } | null,
): Promise<string[]> {
  const entries = await holdEntries(tx, resourceId, comment.id)
  const others = entries.flatMap(({ id, userId, key }) => {
    const other = key === threadKey(comment.threadId) ? instead(userId) : null
    return other ? [{ entry: id, ...other }] : []
  })
  const gone = entries.filter(({ id }) => !others.some(({ entry }) => entry === id))
  await tx.notification.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } })
  await tx.$executeRaw`
    UPDATE notifications n SET comment_id = c.id, principal = c.principal, text = o.piece, at = c.created_at
    FROM unnest(
      ${others.map(({ entry }) => entry)}::text[], ${others.map(({ id }) => id)}::text[],
      ${others.map(({ piece }) => piece)}::text[]
    ) AS o (entry, id, piece) JOIN comments c ON c.id = o.id WHERE n.id = o.entry`
  return entries.map(({ userId }) => userId)
}

/**
 * What somebody was to hear of last in a thread, but for what mentions them: what others said after they wrote
 * something, and its beginning if they created the document. `createdBy` is a principal.
 */
export function newestFor(userId: string, comments: Row[], createdBy: string): Row | null {
  const own = `user:${userId}`
  const wrote = comments.findIndex(({ principal }) => principal === own)
  const found = comments.findLast(({ principal, text }, index) => {
    if (principal === own || mentionsIn(text).includes(userId)) return false
    return index === 0 ? createdBy === own : wrote !== -1 && wrote < index
  })
  return found ?? null
}

/**
 * What inboxes tell of a comment, held until the end of the transaction: all of it at once and in the order of
 * `keepNews` and `readNotifications`, so that none waits for another for ever.
 */
async function holdEntries(
  tx: Transaction,
  resourceId: string,
  commentId: string,
): Promise<{ id: string; userId: string; key: string }[]> {
  return tx.$queryRaw`
    SELECT id, user_id AS "userId", key FROM notifications
    WHERE resource_id = ${resourceId} AND comment_id = ${commentId} ORDER BY user_id COLLATE "C", id FOR UPDATE`
}

/** Takes all of a thread out of inboxes. Answers whose inbox is another now. */
export async function untellThread(
  tx: Transaction,
  { resourceId, threadId }: { resourceId: string; threadId: string },
): Promise<string[]> {
  const gone = await tx.$queryRaw<{ userId: string }[]>`
    DELETE FROM notifications WHERE id IN (
      SELECT id FROM notifications WHERE resource_id = ${resourceId} AND starts_with(key, ${threadKey(threadId)})
      ORDER BY user_id COLLATE "C", id FOR UPDATE
    ) RETURNING user_id AS "userId"`
  return gone.map(({ userId }) => userId)
}

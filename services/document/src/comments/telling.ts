import type { Comment as Row } from '../database/client.ts'
import { keepNews, threadKey } from '../notifications.ts'
import type { Transaction } from './changing.ts'

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
  const news = { organizationId, resourceId, principal, text: piece }
  const rest = others.filter((userId) => !mentioned.includes(userId))
  return [
    ...(await keepNews(tx, mentioned, { ...news, type: 'mentioned', key: threadKey(threadId, id) })),
    ...(await keepNews(tx, rest, { ...news, type: 'commented', key: threadKey(threadId) })),
  ]
}

/**
 * Lets inboxes say of a comment what it says now, unread or read as they are, and takes it out of those of the people
 * who are mentioned no more. `isNewest`: its author said nothing in the thread after it. Answers whose inbox is another.
 */
export async function retell(
  tx: Transaction,
  { resourceId, comment, piece }: Told,
  { mentioned, isNewest }: { mentioned: string[]; isNewest: boolean },
): Promise<string[]> {
  const { id, threadId, principal } = comment
  const own = threadKey(threadId, id)
  const gone = await tx.$queryRaw<{ userId: string }[]>`
    DELETE FROM notifications WHERE id IN (
      SELECT id FROM notifications WHERE resource_id = ${resourceId} AND key = ${own} AND user_id <> ALL(${mentioned})
      ORDER BY user_id, id FOR UPDATE
    ) RETURNING user_id AS "userId"`
  const kept = await tx.$queryRaw<{ userId: string }[]>`
    UPDATE notifications SET text = ${piece} WHERE id IN (
      SELECT id FROM notifications WHERE resource_id = ${resourceId}
        AND (key = ${own} OR ${isNewest} AND key = ${threadKey(threadId)} AND principal = ${principal})
      ORDER BY user_id, id FOR UPDATE
    ) RETURNING user_id AS "userId"`
  return [...gone, ...kept].map(({ userId }) => userId)
}

/** Takes a comment out of inboxes; `isNewest` as `retell`. Answers whose inbox is another now. */
export async function untell(
  tx: Transaction,
  { resourceId, comment }: Omit<Told, 'organizationId' | 'piece'>,
  { isNewest }: { isNewest: boolean },
): Promise<string[]> {
  const { id, threadId, principal } = comment
  const gone = await tx.$queryRaw<{ userId: string }[]>`
    DELETE FROM notifications WHERE id IN (
      SELECT id FROM notifications WHERE resource_id = ${resourceId}
        AND (key = ${threadKey(threadId, id)}
          OR ${isNewest} AND key = ${threadKey(threadId)} AND principal = ${principal})
      ORDER BY user_id, id FOR UPDATE
    ) RETURNING user_id AS "userId"`
  return gone.map(({ userId }) => userId)
}

/** Takes all of a thread out of inboxes. Answers whose inbox is another now. */
export async function untellThread(
  tx: Transaction,
  { resourceId, threadId }: { resourceId: string; threadId: string },
): Promise<string[]> {
  const gone = await tx.$queryRaw<{ userId: string }[]>`
    DELETE FROM notifications WHERE id IN (
      SELECT id FROM notifications WHERE resource_id = ${resourceId} AND starts_with(key, ${threadKey(threadId)})
      ORDER BY user_id, id FOR UPDATE
    ) RETURNING user_id AS "userId"`
  return gone.map(({ userId }) => userId)
}

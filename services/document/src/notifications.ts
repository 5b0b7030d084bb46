import {
  type Actor,
  allows,
  kind,
  type Level,
  type Notification,
  notificationType,
  Problem,
  personIn,
  userOf,
} from '@realtime/contracts'
import { organizationFor } from './access.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import { Prisma, type Notification as Row } from './database/client.ts'
import { newId } from './ids.ts'
import { visibleTo } from './visible.ts'

/** What somebody should know of. */
export interface News {
  organizationId: string
  type: Notification['type']
  resourceId: string | null
  /** Whose doing it was, as in `user:ID`. */
  principal: string
  /** A piece of what was said. */
  text?: string
  /** The comment that it tells of. */
  commentId?: string
  /**
   * What is the same again replaces the one before, as a second share of the same document does. What is about a project
   * has its `projectKey`.
   */
  key: string
}

/**
 * Puts something into people's inboxes, in the transaction of what happened: among its last statements, but before any
 * other that records a change, since it takes rows before it does so itself. Nobody is told of what they did themselves.
 */
export async function notify(tx: Prisma.TransactionClient, userIds: string[], news: News): Promise<void> {
  await recordInboxes(tx, news.organizationId, await keepNews(tx, userIds, news))
}

/**
 * The first half of `notify`, for transactions that tell more than one thing: takes rows and records no change. Answers
 * who was told, for `recordInboxes`.
 */
export async function keepNews(
  tx: Prisma.TransactionClient,
  userIds: string[],
  { text = '', commentId, ...news }: News,
): Promise<string[]> {
  const { organizationId, type, resourceId, principal, key } = news
  // In one order, so that two who tell the same people never wait for each other.
  const told = [...new Set(userIds)].filter((userId) => principal !== `user:${userId}`).sort()
  if (told.length === 0) return []
  const ids = told.map(newId)
  await tx.$executeRaw`
    INSERT INTO notifications AS n (id, user_id, organization_id, type, resource_id, principal, text, key, comment_id)
    SELECT t.id, t.user_id, ${organizationId}, ${type}, ${resourceId}, ${principal}, ${text}, ${key},
      ${commentId ?? null}::text
    FROM unnest(${ids}::text[], ${told}::text[]) AS t (id, user_id)
    ON CONFLICT (user_id, key) DO UPDATE SET type = excluded.type, resource_id = excluded.resource_id,
      principal = excluded.principal, text = excluded.text, comment_id = excluded.comment_id, at = now(),
      read_at = NULL, mailed_at = NULL`
  return told
}

/** The second half of `notify`: these people's inboxes are others now. It records changes, so it comes last. */
export async function recordInboxes(
  tx: Prisma.TransactionClient,
  organizationId: string,
  userIds: string[],
): Promise<void> {
  const told = [...new Set(userIds)]
  if (told.length === 0) return
  await tx.$queryRaw`
    SELECT count(record_change(${organizationId}, 'inbox.changed',
      jsonb_build_object('userId', user_id, 'organizationId', ${organizationId}::text)))
    FROM unnest(${told}::text[]) AS user_id`
}

/** The key of what is about a project: seen only by those who see that. */
export function projectKey(id: string): string {
  return `project:${id}`
}

/** The key of what was said in a thread; `about` makes another one of it. */
export function threadKey(id: string, about = ''): string {
  return `thread:${id}:${about}`
}

/** The thread that a key is about, if it is about one. */
export function threadIn(key: string): string | null {
  return /^thread:([^:]+):/.exec(key)?.[1] ?? null
}

/** Notifications that are looked at for one answer: what is older was passed over long ago. */
const MOST_LOOKED_AT = 1000

/**
 * The own inbox, the newest first, without what may not be seen any more.
 * @throws Problem `conflict` when `before` is gone
 */
export async function listNotifications(
  ctx: Context,
  actor: Actor,
  { unread, before, limit }: { unread?: 'true' | 'false' | undefined; before?: string | undefined; limit: number },
): Promise<{ notifications: Notification[]; unread: number; more: boolean }> {
  const userId = personBehind(actor)
  const last = before === undefined ? null : await ctx.db.notification.findFirst({ where: { id: before, userId } })
  if (before !== undefined && !last) throw new Problem('conflict', 'The last one of the page is not there any more.')
  const behind = last && { OR: [{ at: { lt: last.at } }, { at: last.at, id: { lt: last.id } }] }
  const rows = await ctx.db.notification.findMany({
    where: { userId, ...behind, ...(unread === 'true' ? { readAt: null } : {}) },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: MOST_LOOKED_AT,
  })
  const seen = await visibleNews(ctx, actor, unread === 'false' ? rows.filter((row) => row.readAt !== null) : rows)
  const notifications = await Promise.all(seen.slice(0, limit).map((one) => notificationOf(ctx, one)))
  return { notifications, unread: await countUnread(ctx, actor, userId), more: seen.length > limit }
}

/** Marks some of the own inbox, or all of it, as read or unread. */
export async function readNotifications(
  ctx: Context,
  actor: Actor,
  { ids, read }: { ids: string[] | null; read: boolean },
): Promise<{ unread: number }> {
  const userId = personBehind(actor)
  const which = ids ? Prisma.sql`AND id = ANY(${ids})` : Prisma.empty
  const others = read ? Prisma.sql`AND read_at IS NULL` : Prisma.sql`AND read_at IS NOT NULL`
  await ctx.db.$transaction(async (tx) => {
    // In one order, so that this and what takes a thread out of inboxes never wait for each other.
    const rows = await tx.$queryRaw<{ id: string; organizationId: string }[]>`
      SELECT id, organization_id AS "organizationId" FROM notifications WHERE user_id = ${userId} ${which} ${others}
      ORDER BY id FOR UPDATE`
    const at = read ? new Date() : null
    await tx.$executeRaw`UPDATE notifications SET read_at = ${at} WHERE id = ANY(${rows.map(({ id }) => id)})`
    const [first] = rows
    // The news of an inbox goes to its person wherever they are.
    if (first) await recordChange(tx, first.organizationId, 'inbox.changed', { userId })
  })
  return { unread: await countUnread(ctx, actor, userId) }
}

async function countUnread(ctx: Context, actor: Actor, userId: string): Promise<number> {
  const rows = await ctx.db.notification.findMany({ where: { userId, readAt: null }, take: MOST_LOOKED_AT })
  return (await visibleNews(ctx, actor, rows)).length
}

/** A notification with what it is about, if it is about a document. */
export interface SeenNews {
  row: Row
  document: { id: string; title: string; kind: string } | null
}

/**
 * Those notifications that may still be seen, in the same order: of organizations that one is in, of projects that one
 * sees, and of documents that one sees and that are not in the trash; what was said in comments, of those where one may
 * comment.
 */
export async function visibleNews(ctx: Context, actor: Actor, rows: Row[]): Promise<SeenNews[]> {
  const documents = new Map<string, { document: NonNullable<SeenNews['document']>; level: Level }>()
  const projects = new Map<string, ReadonlySet<string>>()
  for (const organizationId of new Set(rows.map((row) => row.organizationId))) {
    const standing = await organizationFor(ctx, actor, organizationId).catch((error: unknown) => {
      if (error instanceof Problem && error.status < 500) return null
      throw error
    })
    if (!standing) continue
    const { projects: seen, ctes, join, sees, level } = await visibleTo(ctx, standing)
    projects.set(organizationId, new Set([...seen.keys()].map(projectKey)))
    const ids = rows.flatMap((row) => (row.organizationId === organizationId ? (row.resourceId ?? []) : []))
    if (ids.length === 0) continue
    const found = await ctx.db.$queryRaw<(NonNullable<SeenNews['document']> & { level: Level })[]>`
      WITH RECURSIVE ${ctes} SELECT r.id, r.title, r.kind, ${level} AS level FROM resources r ${join}
      WHERE r.id = ANY(${ids}) AND r.organization_id = ${organizationId} AND r.trashed_at IS NULL AND ${sees}`
    for (const { level, ...document } of found) documents.set(document.id, { document, level })
  }
  return rows.flatMap((row) => {
    const inProjects = projects.get(row.organizationId)
    if (!inProjects) return []
    if (row.resourceId === null) {
      return row.key.startsWith(projectKey('')) && !inProjects.has(row.key) ? [] : { row, document: null }
    }
    const found = documents.get(row.resourceId)
    if (!found || (threadIn(row.key) !== null && !allows(found.level, 'comment'))) return []
    return { row, document: found.document }
  })
}

async function notificationOf(ctx: Context, { row, document }: SeenNews): Promise<Notification> {
  return {
    id: row.id,
    type: notificationType.parse(row.type),
    by: await nameOf(ctx, row),
    organizationId: row.organizationId,
    document: document && { ...document, kind: kind.parse(document.kind) },
    threadId: threadIn(row.key),
    text: row.text,
    at: row.at.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  }
}

/** Whether somebody made it happen who came by a link and said themselves how they are called. */
export function isVisitor({ principal }: Pick<Row, 'principal'>): boolean {
  return principal.startsWith('link:')
}

/**
 * Who made it happen, as they are called now, visitors by a link too, whose id says that they are one (`link:ID`); empty
 * for those who have left.
 */
export async function nameOf(
  ctx: Context,
  { principal, organizationId }: Pick<Row, 'principal' | 'organizationId'>,
): Promise<Notification['by']> {
  const visitorId = /^link:(.+)$/.exec(principal)?.[1]
  if (visitorId !== undefined) {
    const visitor = await ctx.db.visitor.findUnique({ where: { id: visitorId } })
    return { id: principal, name: visitor?.name ?? '', image: null }
  }
  const userId = personIn(principal)
  const membership = userId === null ? null : await ctx.memberships.find(organizationId, userId)
  return { id: userId ?? principal, name: membership?.name ?? '', image: membership?.image ?? null }
}

function personBehind(actor: Actor): string {
  const userId = userOf(actor)
  if (userId === null) throw new Problem('forbidden', 'Only people have an inbox.')
  return userId
}

import { type Actor, Problem, type Session, type User } from '@realtime/contracts'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import { deviceOf, type EventType, noteEvent } from './events.ts'
import { asking } from './refusals.ts'
import { revoke } from './revocations.ts'
import { signToken } from './tokens.ts'

/** A session says when it was used to the minute. */
const TOUCH_MS = 60 * 1000

/** A signed-in person at their browser. */
export interface Visit {
  actor: Extract<Actor, { type: 'user' }>
  user: User
  session: Session
  browser: Browser
}

/** The visit of a browser with a session cookie. @throws Problem `unauthenticated` without one that holds, `suspended` */
export async function visitOf(ctx: Context, browser: Browser): Promise<Visit> {
  const { headers, response } = await asking(
    ctx.identity.api.getSession({ headers: browser.headers, returnHeaders: true }),
  )
  browser.keepCookies(headers)
  if (!response) throw new Problem('unauthenticated')
  const { user, session } = response
  if (user.suspendedAt) throw new Problem('suspended')
  const used = await touch(ctx, session, browser)
  return {
    actor: { type: 'user', id: user.id, sessionId: session.id },
    user: userView(user),
    session: sessionView({ ...session, ...used }, session.id),
    browser,
  }
}

/** Keeps when, from where and by which device a session was used last, at most once a minute. */
async function touch(ctx: Context, { id, updatedAt }: { id: string; updatedAt: Date }, browser: Browser) {
  const now = Date.now()
  if (now - updatedAt.getTime() < TOUCH_MS) return {}
  const used = { updatedAt: new Date(now), ipAddress: browser.address, userAgent: deviceOf(browser) }
  await ctx.db.session.updateMany({ where: { id, updatedAt: { lt: new Date(now - TOUCH_MS) } }, data: used })
  return used
}

/** All sessions of a person that have not expired, newest first. */
export async function listSessions(ctx: Context, { actor }: Visit) {
  const sessions = await ctx.db.session.findMany({
    where: { userId: actor.id, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: 'desc' },
  })
  return { sessions: sessions.map((session) => sessionView(session, actor.sessionId)) }
}

/** Ends one of the own sessions. @throws Problem `not-found` for any other id */
export async function revokeSession(ctx: Context, visit: Visit, input: { id: string }): Promise<void> {
  if (input.id === visit.actor.sessionId) return signOut(ctx, visit)
  await endSession(ctx, visit, input.id, 'session-ended')
}

/** Ends all sessions of a person but this one. */
export async function revokeOtherSessions(ctx: Context, { actor, browser }: Visit): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const count = await endSessions(tx, actor.id, actor.sessionId)
    if (count > 0) {
      await noteEvent(tx, { userId: actor.id, type: 'sessions-ended', detail: String(count), browser })
    }
  })
}

/** Ends this session and clears its cookies. */
export async function signOut(ctx: Context, visit: Visit): Promise<void> {
  const { actor, browser } = visit
  await endSession(ctx, visit, actor.sessionId, 'signed-out')
  const { headers } = await asking(ctx.identity.api.signOut({ headers: browser.headers, returnHeaders: true }))
  browser.keepCookies(headers)
}

/** Deletes a session and lists it as revoked, in one transaction: no token of it outlives it unlisted. */
async function endSession(ctx: Context, { actor, browser }: Visit, id: string, type: EventType): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { id, userId: actor.id } })
    if (count === 0) throw new Problem('not-found')
    await noteEvent(tx, { userId: actor.id, type, browser })
    await revoke(tx, [id])
  })
}

/** Ends all sessions of a person but `except`, in a transaction; their tokens are refused within a second of it. */
export async function endSessions(tx: Prisma.TransactionClient, userId: string, except?: string): Promise<number> {
  const sessions = await tx.session.findMany({
    where: { userId, ...(except ? { id: { not: except } } : {}) },
    select: { id: true },
  })
  const ids = sessions.map(({ id }) => id)
  await tx.session.deleteMany({ where: { id: { in: ids } } })
  await revoke(tx, ids)
  return ids.length
}

/**
 * A user token of ten minutes for a session. The library's own route is not asked: it takes a database that is away for
 * a session that is over, and the page would sign its person out.
 */
export async function issueToken(ctx: Context, { actor }: Visit) {
  return signToken(ctx, { sub: actor.id, act: 'user', sid: actor.sessionId })
}

/** The public keys of user tokens. */
export async function publicKeys(ctx: Context) {
  const { keys } = await ctx.identity.api.getJwks()
  return { keys: keys.map((key) => ({ ...key, kty: key.kty ?? 'OKP', kid: key.kid ?? '', use: 'sig' })) }
}

/** What is read of a person to show them to themselves. */
export interface UserRow extends Omit<User, 'createdAt' | 'image'> {
  image?: string | null | undefined
  createdAt: Date
}

/** A person as they see themselves. */
export function userView(row: UserRow): User {
  const { id, name, email, emailVerified, image, administrator, createdAt } = row
  return { id, name, email, emailVerified, image: image ?? null, administrator, createdAt: createdAt.toISOString() }
}

interface SessionRow {
  id: string
  createdAt: Date
  updatedAt: Date
  expiresAt: Date
  ipAddress?: string | null | undefined
  userAgent?: string | null | undefined
}

/** Names each part: the row also holds the session's token, which never leaves. */
function sessionView(row: SessionRow, current: string): Session {
  return {
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.updatedAt.toISOString(),
    address: row.ipAddress || null,
    device: row.userAgent?.slice(0, 300) || null,
    current: row.id === current,
  }
}

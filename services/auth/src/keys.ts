import { createHash, randomBytes } from 'node:crypto'
import { type ApiKey, type KeyScope, keyScope, Problem } from '@realtime/contracts'
import { bearerToken } from '@realtime/kit'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import { noteEvent } from './events.ts'
import { assertPresent } from './ownership.ts'
import { revoke } from './revocations.ts'
import type { Visit } from './sessions.ts'
import { type IssuedToken, signToken } from './tokens.ts'

const PREFIX = 'rck_'
/** How much of a key is kept to recognise it. */
const START = PREFIX.length + 6
/** Most keys of one person. */
const MOST = 50
const DAY_MS = 24 * 60 * 60 * 1000

/** The own API keys, newest first. */
export async function listKeys(ctx: Context, { actor }: Visit): Promise<{ keys: ApiKey[] }> {
  const keys = await ctx.db.apiKey.findMany({ where: { userId: actor.id }, orderBy: { id: 'desc' } })
  return { keys: keys.map(keyView) }
}

/**
 * Makes an API key, which opens the account from elsewhere and for long: so not for whoever finds a browser open. Only
 * its hash is kept.
 * @throws Problem `conflict` when there are too many, those of `assertPresent`
 */
export async function createKey(
  ctx: Context,
  visit: Visit,
  input: { name: string; scopes: KeyScope[]; expiresInDays: number | null; password?: string | undefined },
): Promise<ApiKey & { key: string }> {
  const { actor, browser } = visit
  await assertPresent(ctx, visit, input.password)
  const held = await ctx.db.apiKey.count({ where: { userId: actor.id } })
  if (held >= MOST) throw new Problem('conflict', `There are ${MOST} keys already; delete one first.`)
  const key = PREFIX + randomBytes(32).toString('base64url')
  const row = await ctx.db.$transaction(async (tx) => {
    await noteEvent(tx, { userId: actor.id, type: 'key-created', detail: input.name, browser })
    return tx.apiKey.create({
      data: {
        userId: actor.id,
        name: input.name,
        start: key.slice(0, START),
        hash: hashOf(key),
        scopes: [...new Set(input.scopes)],
        expiresAt: input.expiresInDays === null ? null : new Date(Date.now() + input.expiresInDays * DAY_MS),
      },
    })
  })
  return { ...keyView(row), key }
}

/** Deletes an own key and lists it as revoked: tokens of it are refused too. @throws Problem `not-found` */
export async function deleteKey(ctx: Context, { actor, browser }: Visit, { id }: { id: string }): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const key = await tx.apiKey.findFirst({ where: { id, userId: actor.id } })
    if (!key || (await tx.apiKey.deleteMany({ where: { id } })).count === 0) throw new Problem('not-found')
    await revoke(tx, [id])
    await noteEvent(tx, { userId: actor.id, type: 'key-deleted', detail: key.name, browser })
  })
}

/**
 * A token that carries only the scopes of a key.
 * @throws Problem `unauthenticated` (no such key, or it expired), `suspended`, `rate-limited`
 */
export async function exchangeKey(
  ctx: Context,
  browser: Browser,
  authorization: string | undefined,
): Promise<IssuedToken & { scopes: KeyScope[] }> {
  const key = bearerToken(authorization)
  const attempt = await ctx.limits.attempt({ keyAddress: browser.network })
  const row = await ctx.db.apiKey.findUnique({ where: { hash: hashOf(key) }, include: { user: true } })
  if (!row) throw new Problem('unauthenticated', 'This is not an API key of this server.')
  await attempt.succeeded()
  if (row.expiresAt && row.expiresAt <= new Date()) throw new Problem('unauthenticated', 'This API key has expired.')
  if (row.user.suspendedAt) throw new Problem('suspended')
  await ctx.limits.attempt({ keyExchange: row.id })
  const { scopes } = keyView(row)
  const claims = { sub: row.userId, act: 'key', sid: row.id, scope: scopes.join(' '), name: row.name } as const
  const issued = await signToken(ctx, claims)
  // Looked at again after signing: a key deleted meanwhile is listed for tokens that were signed before.
  const { count } = await ctx.db.apiKey.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date() } })
  if (count === 0) throw new Problem('unauthenticated', 'This API key was deleted.')
  return { ...issued, scopes }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

interface KeyRow extends Omit<ApiKey, 'scopes' | 'createdAt' | 'expiresAt' | 'lastUsedAt'> {
  scopes: string[]
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
}

function keyView({ id, name, start, scopes, createdAt, expiresAt, lastUsedAt }: KeyRow): ApiKey {
  return {
    id,
    name,
    start,
    // A scope that is known no more is good for nothing.
    scopes: scopes.filter((scope): scope is KeyScope => keyScope.safeParse(scope).success),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }
}

import { type Actor, level, Problem, principalOf, type ShareLink } from '@realtime/contracts'
import { hashPassword } from '@realtime/kit/passwords'
import { type DocumentStanding, documentFor } from './access.ts'
import { recordAccess } from './access-changes.ts'
import { noteAct } from './audit.ts'
import type { Context } from './context.ts'
import type { Prisma, ShareLink as Row } from './database/client.ts'
import { newId } from './ids.ts'
import { checkWithin } from './standing.ts'

/** What a link gives, and to whom. */
export interface Terms {
  level: ShareLink['level']
  password: string | null
  expiresAt: string | null
  maxUses: number | null
}

/** Links of one document that hold at a time. */
const MOST_LINKS = 100

/** The links of a document that were not revoked, the oldest first; access is the caller's matter. */
export async function listLinks(ctx: Context, id: string): Promise<ShareLink[]> {
  const rows = await ctx.db.shareLink.findMany({
    where: { resourceId: id, revokedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map((row) => linkOf(ctx, row))
}

/**
 * Makes a link by which whoever has it comes into one document.
 * @throws Problem `not-found`, `forbidden`, `invalid-input` (it would have expired), `conflict` (too many)
 */
export async function createLink(ctx: Context, actor: Actor, input: { id: string } & Terms): Promise<ShareLink> {
  const { id, password, ...terms } = input
  const standing = await documentFor(ctx, actor, id, 'manage')
  checkWithin(standing, terms.level)
  const data = {
    id: newId(),
    organizationId: standing.organizationId,
    resourceId: id,
    nonce: newId(),
    level: terms.level,
    expiresAt: timeAhead(terms.expiresAt),
    maxUses: terms.maxUses,
    passwordHash: password === null ? null : await hashPassword(password),
    createdBy: principalOf(actor),
  }
  const row = await ctx.db.$transaction(async (tx) => {
    if ((await tx.shareLink.count({ where: { resourceId: id, revokedAt: null } })) >= MOST_LINKS) {
      throw new Problem('conflict', `A document has ${MOST_LINKS} links at most; revoke some.`)
    }
    const row = await tx.shareLink.create({ data })
    await noteAct(tx, standing, { type: 'link.created', target: targetOf(standing), detail: detailOf(row) })
    await recordAccess(tx, changeOf(standing))
    return row
  })
  return linkOf(ctx, row)
}

/**
 * Changes what a link gives; those who are in by it are held to it at once. With a new password they are out within a
 * second, until they enter it.
 * @throws Problem `not-found`, `forbidden`, `invalid-input`
 */
export async function updateLink(
  ctx: Context,
  actor: Actor,
  input: { id: string; linkId: string } & { [K in keyof Terms]?: Terms[K] | undefined },
): Promise<ShareLink> {
  const { id, linkId, password, expiresAt, maxUses } = input
  const standing = await documentFor(ctx, actor, id, 'manage')
  if (input.level !== undefined) checkWithin(standing, input.level)
  const data: Prisma.ShareLinkUpdateManyMutationInput = {
    ...(input.level === undefined ? {} : { level: input.level }),
    ...(expiresAt === undefined ? {} : { expiresAt: timeAhead(expiresAt) }),
    ...(maxUses === undefined ? {} : { maxUses }),
    ...(password === undefined ? {} : { passwordHash: password === null ? null : await hashPassword(password) }),
    ...(password ? { passwordTurn: { increment: 1 } } : {}),
  }
  const row = await ctx.db.$transaction(async (tx) => {
    const where = { id: linkId, resourceId: id, revokedAt: null }
    if ((await tx.shareLink.updateMany({ where, data })).count === 0) throw new Problem('not-found')
    const row = await tx.shareLink.findUniqueOrThrow({ where: { id: linkId } })
    await noteAct(tx, standing, { type: 'link.changed', target: targetOf(standing), detail: detailOf(row) })
    await recordAccess(tx, changeOf(standing))
    return row
  })
  return linkOf(ctx, row)
}

/** Revokes a link for good; whoever is in by it is out within a second. @throws Problem `not-found`, `forbidden` */
export async function revokeLink(ctx: Context, actor: Actor, input: { id: string; linkId: string }): Promise<void> {
  const standing = await documentFor(ctx, actor, input.id, 'manage')
  await ctx.db.$transaction(async (tx) => {
    const where = { id: input.linkId, resourceId: input.id, revokedAt: null }
    const { count } = await tx.shareLink.updateMany({ where, data: { revokedAt: new Date() } })
    if (count === 0) throw new Problem('not-found')
    const row = await tx.shareLink.findUniqueOrThrow({ where: { id: input.linkId } })
    await noteAct(tx, standing, { type: 'link.revoked', target: targetOf(standing), detail: detailOf(row) })
    await recordAccess(tx, changeOf(standing))
  })
}

/** A level that a link gives. */
export const linkLevel = level.exclude(['manage'])

function linkOf(ctx: Context, row: Row): ShareLink {
  return {
    id: row.id,
    url: `${ctx.config.PUBLIC_URL}/s/${ctx.linkTokens.token(row)}`,
    level: linkLevel.parse(row.level),
    password: row.passwordHash !== null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    maxUses: row.maxUses,
    uses: row.uses,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  }
}

function timeAhead(text: string | null): Date | null {
  if (text === null) return null
  const time = new Date(text)
  if (time.getTime() <= Date.now()) throw new Problem('invalid-input', 'body.expiresAt: must lie ahead')
  return time
}

function targetOf({ resource }: DocumentStanding) {
  return { type: 'document', id: resource.id, name: resource.title }
}

function changeOf({ resource }: DocumentStanding) {
  return { organizationId: resource.organizationId, projectId: resource.projectId, id: resource.id }
}

function detailOf({ id, level, expiresAt, maxUses, passwordHash }: Row): Record<string, string> {
  return {
    link: id,
    level,
    password: passwordHash === null ? 'no' : 'yes',
    ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    ...(maxUses === null ? {} : { maxUses: String(maxUses) }),
  }
}

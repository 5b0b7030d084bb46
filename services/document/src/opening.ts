import { type Actor, authInternal, call, Problem, type ShareLink } from '@realtime/contracts'
import { whence } from '@realtime/kit'
import { verifyPassword } from '@realtime/kit/passwords'
import { noteAct } from './audit.ts'
import type { Context } from './context.ts'
import type { Resource, ShareLink as Row } from './database/client.ts'
import { newId } from './ids.ts'
import { linkLevel } from './links.ts'
import { visitorName } from './visitors.ts'

// How visitors come in by a link. Whatever is wrong with a link, that it never was, is over, was revoked or used up, is
// one answer: `invalid-token`.

/** A link that holds, with its document, and its visitor where one proves to be known. */
interface Found {
  link: Row
  resource: Resource
  visitor: { id: string; name: string; knewPassword: boolean } | null
}

/** What a link leads to, as far as whoever has it may know. @throws Problem `invalid-token` */
export async function previewLink(
  ctx: Context,
  input: { token: string; visitor?: string | undefined },
): Promise<{ password: boolean; level: ShareLink['level'] }> {
  const { link, visitor } = await find(ctx, input)
  if (visitor === null && isUsedUp(link)) throw new Problem('invalid-token')
  return { password: asksPassword({ link, visitor }), level: linkLevel.parse(link.level) }
}

/**
 * Comes in by a link. A visitor who is known already, by their proof, is who they were and counts as no further use.
 * @throws Problem `invalid-token`, `password-required`, `wrong-credentials`, `rate-limited`, `unavailable`
 */
export async function openLink(
  ctx: Context,
  input: {
    token: string
    password?: string | undefined
    name?: string | undefined
    visitor?: string | undefined
  },
) {
  const found = await find(ctx, input)
  const { link, resource, visitor } = found
  if (visitor === null && isUsedUp(link)) throw new Problem('invalid-token')
  if (asksPassword(found)) await checkPassword(ctx, link, input.password)
  const visitorId = visitor?.id ?? newId()
  const name = input.name ?? visitor?.name ?? visitorName()
  // Asked for before anything is counted: what auth cannot give costs no use.
  const body = { visitorId, linkId: link.id, documentId: resource.id, name }
  const { token, expiresAt } = await call(ctx.auth, authInternal.linkToken, { body })
  const { passwordTurn } = link
  if (visitor)
    await ctx.db.visitor.update({ where: { id: visitorId }, data: { name, passwordTurn, lastAt: new Date() } })
  else await letIn(ctx, found, { id: visitorId, name })
  return {
    token,
    expiresAt,
    documentId: resource.id,
    level: linkLevel.parse(link.level),
    visitor: ctx.linkTokens.proof(link, visitorId),
    name,
  }
}

/** Counts the use and keeps the visitor, both or neither. @throws Problem `invalid-token` when it was the one too many */
async function letIn(ctx: Context, { link, resource }: Found, visitor: { id: string; name: string }): Promise<void> {
  const { organizationId } = link
  const actor: Actor = { type: 'link', linkId: link.id, documentId: resource.id, ...visitor }
  await ctx.db.$transaction(async (tx) => {
    const counted = await tx.$executeRaw`
      UPDATE share_links SET uses = uses + 1 WHERE id = ${link.id} AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now()) AND (max_uses IS NULL OR uses < max_uses)`
    if (counted === 0) throw new Problem('invalid-token')
    await tx.visitor.create({ data: { ...visitor, linkId: link.id, passwordTurn: link.passwordTurn } })
    const target = { type: 'document', id: resource.id, name: resource.title }
    const detail = { link: link.id, level: link.level }
    await noteAct(tx, { actor, membership: null, organizationId }, { type: 'link.opened', target, detail })
  })
}

/** @throws Problem `invalid-token` */
async function find(ctx: Context, input: { token: string; visitor?: string | undefined }): Promise<Found> {
  const id = ctx.linkTokens.idOf(input.token)
  const link = id === null ? null : await ctx.db.shareLink.findUnique({ where: { id } })
  const holds = link && ctx.linkTokens.matches(link, input.token) && !isOver(link)
  const resource =
    holds &&
    (await ctx.db.resource.findFirst({
      where: { id: link.resourceId, trashedAt: null, project: { deletedAt: null } },
    }))
  if (!resource || !(await ctx.memberships.isThere(link.organizationId))) throw new Problem('invalid-token')
  const proven = ctx.linkTokens.visitorOf(link, input.visitor)
  const row = proven && (await ctx.db.visitor.findUnique({ where: { id: proven.id, linkId: link.id } }))
  return { link, resource, visitor: row && { ...proven, name: row.name } }
}

/** @throws Problem `password-required`, `wrong-credentials`, `rate-limited` */
async function checkPassword(ctx: Context, link: Row, password: string | undefined): Promise<void> {
  if (password === undefined) throw new Problem('password-required')
  const attempt = await ctx.linkLimits.attempt(link.id, whence().address ?? '')
  if (!(await verifyPassword({ hash: link.passwordHash ?? '', password }))) {
    throw new Problem('wrong-credentials', 'The password of this link is another.')
  }
  await attempt.right()
}

function asksPassword({ link, visitor }: Pick<Found, 'link' | 'visitor'>): boolean {
  return link.passwordHash !== null && !visitor?.knewPassword
}

function isOver({ revokedAt, expiresAt }: Row): boolean {
  return revokedAt !== null || (expiresAt !== null && expiresAt.getTime() <= Date.now())
}

function isUsedUp({ uses, maxUses }: Row): boolean {
  return maxUses !== null && uses >= maxUses
}

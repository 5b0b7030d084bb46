import {
  type Actor,
  type Grantee,
  type Level,
  level,
  Problem,
  principalOf,
  type Share,
  type ShareLink,
} from '@realtime/contracts'
import { type DocumentStanding, documentFor, groundsOf, type ProjectStanding, projectFor, seenAbove } from './access.ts'
import { recordAccess } from './access-changes.ts'
import { noteAct } from './audit.ts'
import type { Context } from './context.ts'
import type { Prisma, Share as Row } from './database/client.ts'
import { type Named, namesOf, peopleBehind } from './grantees.ts'
import { newId } from './ids.ts'
import { listLinks } from './links.ts'
import { notify, projectKey } from './notifications.ts'
import { checkWithin, holdsIn, mayDo } from './standing.ts'

/** What something is shared as: a project, or a document. */
type Shared =
  | { standing: ProjectStanding; id: string; of: 'project' }
  | { standing: DocumentStanding; id: string; of: 'document' }

/** Whom a project is shared with. */
export async function listProjectShares(
  ctx: Context,
  actor: Actor,
  { id }: { id: string },
): Promise<{ shares: Share[] }> {
  const { project, organizationId } = await projectFor(ctx, actor, id, 'read')
  const rows = await ctx.db.share.findMany({ where: { projectId: id }, orderBy: IN_ORDER })
  const holding = rows.filter((row) => holdsIn(groundsOf(project), row))
  const names = await namesOf(ctx, organizationId, holding)
  return { shares: holding.flatMap((row) => shareOf(row, names.get(row.userId ?? row.teamId ?? ''), null)) }
}

/**
 * Whom a document is shared with, here and by what it inherits, and its links for whoever manages it.
 * @throws Problem `not-found`, `forbidden` for visitors by a link
 */
export async function listShares(
  ctx: Context,
  actor: Actor,
  { id }: { id: string },
): Promise<{ shares: Share[]; organization: Level | null; links: ShareLink[]; level: Level }> {
  const standing = await documentFor(ctx, actor, id, 'read')
  if (standing.userId === null)
    throw new Problem('forbidden', 'Only people of the organization see who else has access.')
  const { project, above, organizationId } = standing
  const where = { OR: [{ projectId: project.id }, { resourceId: { in: [id, ...above.map((one) => one.id)] } }] }
  const rows = await ctx.db.share.findMany({ where, orderBy: IN_ORDER })
  const holding = rows.filter((row) => holdsIn(project, row))
  const names = await namesOf(ctx, organizationId, holding)
  const titles = new Map(seenAbove(standing).map((one) => [one.id, one.title]))
  const shares = holding.flatMap((row) => {
    const type = row.projectId === null ? ('document' as const) : ('project' as const)
    const from = row.projectId ?? row.resourceId ?? ''
    const inherited =
      from === id ? null : { type, id: from, name: type === 'project' ? project.name : (titles.get(from) ?? '') }
    return shareOf(row, names.get(row.userId ?? row.teamId ?? ''), inherited)
  })
  return {
    shares,
    organization: project.access === 'organization' ? project.memberLevel : null,
    links: mayDo(actor, standing.level, 'manage') ? await listLinks(ctx, id) : [],
    level: standing.level,
  }
}

/** Shares a project with a member or a team of its organization. @throws Problem as `give`, `conflict` */
export async function shareProject(
  ctx: Context,
  actor: Actor,
  input: { id: string; grantee: Grantee; level: Level },
): Promise<Share> {
  const standing = await projectFor(ctx, actor, input.id, 'share')
  if (standing.project.access === 'private' && input.grantee.type === 'team') {
    throw new Problem('conflict', 'A private project is shared with people, one by one.')
  }
  return give(ctx, { standing, id: input.id, of: 'project' }, input)
}

/** Shares a document with a member or a team of its organization. @throws Problem as `give` */
export async function shareDocument(
  ctx: Context,
  actor: Actor,
  input: { id: string; grantee: Grantee; level: Level },
): Promise<Share> {
  const standing = await documentFor(ctx, actor, input.id, 'share')
  return give(ctx, { standing, id: input.id, of: 'document' }, input)
}

/** Takes back what was shared of a project, or what was given to oneself. @throws Problem as `take` */
export async function unshareProject(
  ctx: Context,
  actor: Actor,
  input: { id: string; shareId: string },
): Promise<void> {
  await take(
    ctx,
    { standing: await projectFor(ctx, actor, input.id, 'read'), id: input.id, of: 'project' },
    input.shareId,
  )
}

/** Takes back what was shared of a document, or what was given to oneself. @throws Problem as `take` */
export async function unshareDocument(
  ctx: Context,
  actor: Actor,
  input: { id: string; shareId: string },
): Promise<void> {
  const standing = await documentFor(ctx, actor, input.id, 'read')
  await take(ctx, { standing, id: input.id, of: 'document' }, input.shareId)
}

/**
 * Gives somebody a level, or another one than they were given.
 * @throws Problem `not-found` (no such member or team), `forbidden` (above the own level, before or after), `conflict`
 * (the last who manages a private project)
 */
async function give(
  ctx: Context,
  shared: Shared,
  { grantee, level: given }: { grantee: Grantee; level: Level },
): Promise<Share> {
  const { standing } = shared
  const { actor, organizationId } = standing
  checkWithin(standing, given)
  const person = await peopleBehind(ctx, organizationId, grantee)
  const whom = grantee.type === 'user' ? { userId: grantee.id } : { teamId: grantee.id }
  const on = onOf(shared)
  const row = await ctx.db.$transaction(async (tx) => {
    await hold(tx, shared)
    const known = await tx.share.findFirst({ where: { ...on, ...whom } })
    if (known?.level === given) return known
    if (known) {
      checkWithin(standing, level.parse(known.level))
      await checkManaged(tx, shared, known)
    }
    const createdBy = principalOf(actor)
    const row = known
      ? await tx.share.update({ where: { id: known.id }, data: { level: given, createdBy } })
      : await tx.share.create({ data: { id: newId(), organizationId, ...on, ...whom, level: given, createdBy } })
    const detail = { with: person.name, level: given, ...(known ? { before: known.level } : {}) }
    await noteAct(tx, standing, { type: `${shared.of}.shared`, target: targetOf(shared), detail })
    if (!known) await tell(tx, shared, person.userIds)
    await recordAccess(tx, changeOf(shared))
    return row
  })
  const [share] = shareOf(row, person, null)
  if (!share) throw new Problem('not-found')
  return share
}

/** Puts into people's inboxes that something is shared with them now. */
async function tell(tx: Prisma.TransactionClient, shared: Shared, userIds: string[]): Promise<void> {
  const { standing, id } = shared
  const about =
    shared.of === 'project'
      ? ({ type: 'invited', resourceId: null, text: shared.standing.project.name, key: projectKey(id) } as const)
      : ({ type: 'shared', resourceId: id, key: `shared:${id}` } as const)
  const by = { organizationId: standing.organizationId, principal: `user:${standing.userId}` }
  await notify(tx, userIds, { ...by, ...about })
}

/**
 * Takes back what was given.
 * @throws Problem `not-found`, `forbidden` (above the own level), `conflict` (the last who manages a private project)
 */
async function take(ctx: Context, shared: Shared, shareId: string): Promise<void> {
  const { standing } = shared
  const known = await ctx.db.share.findFirst({ where: { id: shareId, ...onOf(shared) } })
  if (!known) throw new Problem('not-found')
  const names = await namesOf(ctx, standing.organizationId, [known])
  await ctx.db.$transaction(async (tx) => {
    await hold(tx, shared)
    const row = await tx.share.findUnique({ where: { id: shareId } })
    if (!row) throw new Problem('not-found')
    // Everybody may leave what they were let into, by their own hand.
    if (row.userId === null || row.userId !== standing.userId || standing.actor.type !== 'user') {
      if (!mayDo(standing.actor, standing.level, 'share')) throw new Problem('forbidden')
      checkWithin(standing, level.parse(row.level))
    }
    await checkManaged(tx, shared, row)
    await tx.share.delete({ where: { id: shareId } })
    const detail = { with: names.get(row.userId ?? row.teamId ?? '')?.name ?? '', level: row.level }
    await noteAct(tx, standing, { type: `${shared.of}.unshared`, target: targetOf(shared), detail })
    await recordAccess(tx, changeOf(shared))
  })
}

/** One after the other for what is shared, so that no two take the last manager together. */
async function hold(tx: Prisma.TransactionClient, { id, of }: Shared): Promise<void> {
  if (of === 'project') await tx.$queryRaw`SELECT id FROM projects WHERE id = ${id} FOR UPDATE`
  else await tx.$queryRaw`SELECT id FROM resources WHERE id = ${id} FOR NO KEY UPDATE`
}

/** A private project keeps a person who manages it. @throws Problem `conflict` */
async function checkManaged(tx: Prisma.TransactionClient, shared: Shared, leaving: Row): Promise<void> {
  if (shared.of !== 'project' || leaving.level !== 'manage' || leaving.userId === null) return
  const { id } = shared
  const project = await tx.project.findUniqueOrThrow({ where: { id }, select: { access: true } })
  if (project.access !== 'private') return
  const where = { projectId: id, level: 'manage', userId: { not: null }, id: { not: leaving.id } }
  if ((await tx.share.count({ where })) === 0) {
    throw new Problem('conflict', 'Nobody else manages this private project; let somebody else manage it first.')
  }
}

function onOf({ id, of }: Shared): { projectId: string } | { resourceId: string } {
  return of === 'project' ? { projectId: id } : { resourceId: id }
}

function changeOf({ standing, id, of }: Shared) {
  const { organizationId, project } = standing
  return { organizationId, projectId: project.id, ...(of === 'document' ? { id } : {}) }
}

function targetOf(shared: Shared) {
  const { id, of, standing } = shared
  return { type: of, id, name: of === 'project' ? standing.project.name : shared.standing.resource.title }
}

const IN_ORDER = [{ createdAt: 'asc' }, { id: 'asc' }] as const satisfies Prisma.ShareOrderByWithRelationInput[]

/** Nothing for somebody who is there no more. */
function shareOf(row: Row, named: Named | undefined, inheritedFrom: Share['inheritedFrom']): Share[] {
  if (!named) return []
  const { id, userId, teamId, createdBy, createdAt } = row
  const grantee: Grantee = userId === null ? { type: 'team', id: teamId ?? '' } : { type: 'user', id: userId }
  const { name, image } = named
  return [
    {
      id,
      grantee,
      name,
      image,
      level: level.parse(row.level),
      createdBy,
      createdAt: createdAt.toISOString(),
      inheritedFrom,
    },
  ]
}

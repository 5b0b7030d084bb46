import {
  type Action,
  type Actor,
  type Level,
  level,
  type Permission,
  Problem,
  projectAccess,
  sessionOf,
  userOf,
} from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Project, Resource } from './database/client.ts'
import type { Membership } from './memberships.ts'
import { givensOf, type Place, placeOf } from './places.ts'
import {
  type Grounds,
  levelBy,
  mayDo,
  organizationLevel,
  permissionOf,
  type Standing,
  standingBy,
  type Way,
  waysInto,
} from './standing.ts'

// The one gate to everything this service keeps. Who has which level is decided in `standing.ts`; lists ask `visible.ts`.

export type ProjectStanding = Standing & { project: Project }
export type DocumentStanding = Standing & Pick<Place, 'project' | 'above'> & { resource: Resource }

/**
 * The gate to an organization: for its members, with the level of their role. To begin a project is to `write`.
 * @throws Problem `not-found` for whoever is no member, `forbidden` for whoever may not do it
 */
export async function organizationFor(
  ctx: Context,
  actor: Actor,
  organizationId: string,
  action: Action = 'read',
): Promise<Standing> {
  const who = await memberBehind(ctx, actor, organizationId)
  const { role } = who.membership
  const source = role === 'owner' || role === 'admin' ? role : 'organization'
  return checked(standingBy(who, [{ source, level: organizationLevel[role], from: null, teamId: null }]), action)
}

/**
 * The gate to a project.
 * @throws Problem `not-found` when it is unknown, deleted, or the actor may not know of it, `forbidden`
 */
export async function projectFor(ctx: Context, actor: Actor, id: string, action: Action): Promise<ProjectStanding> {
  const project = await ctx.db.project.findUnique({ where: { id } })
  if (!project || project.deletedAt) throw new Problem('not-found')
  const who = await memberBehind(ctx, actor, project.organizationId)
  const shares = await ctx.db.share.findMany({
    where: { projectId: id, OR: [{ userId: who.userId }, { teamId: { in: who.membership.teams } }] },
  })
  return { ...checked(standingBy(who, waysInto(who, groundsOf(project), givensOf(shares))), action), project }
}

/** What changes a document itself: refused to readers in the words of `read-only`. */
const changing: readonly Action[] = ['write', 'delete', 'restore']

/**
 * The gate to a document and its log; with `trashed`, to one in the trash as well.
 * @throws Problem `not-found` when it is unknown, trashed, or the actor may not know of it; `read-only` for readers
 * who want to change it, `forbidden` for whoever may not do something else
 */
export async function documentFor(
  ctx: Context,
  actor: Actor,
  id: string,
  action: Action,
  { trashed = false } = {},
): Promise<DocumentStanding> {
  if (actor.type === 'service') throw new Problem('not-found')
  const place = await placeOf(ctx, id, userOf(actor))
  if (!place || (!trashed && isGone(place))) throw new Problem('not-found')
  const { resource, project, above } = place
  const standing = await standingIn(ctx, actor, place)
  if (changing.includes(action) && standing.permission !== 'write') throw new Problem('read-only')
  return { ...checked(standing, action), resource, project, above }
}

/**
 * What each of some actors may do with a document now; null for those who may not know of it, as when it is unknown or
 * trashed, or their session was ended. It is as the organization service has it at the time of the question.
 * @throws Problem `unavailable` when the organization service cannot be asked: then nothing is known of anybody
 */
export async function permissionsIn(
  ctx: Context,
  { id, actors }: { id: string; actors: Actor[] },
): Promise<{ permissions: (Permission | null)[]; projectId: string | null }> {
  await ctx.memberships.caughtUp()
  const place = await placeOf(ctx, id, null)
  if (!place || isGone(place)) return { permissions: actors.map(() => null), projectId: null }
  const permissions = await Promise.all(actors.map((actor) => permissionIn(ctx, actor, place)))
  return { permissions, projectId: place.project.id }
}

/** The ways of somebody, who need not be the one who asks, into a place; none for whoever is no member. */
export async function waysOf(
  ctx: Context,
  userId: string,
  place: Pick<Place, 'given'> & { organizationId: string; project: Grounds; titles?: ReadonlyMap<string, string> },
): Promise<{ membership: Membership | null; ways: Way[] }> {
  const membership = await ctx.memberships.find(place.organizationId, userId)
  const ways = membership ? waysInto({ userId, membership }, place.project, place.given, place.titles) : []
  return { membership, ways }
}

/** What the rules need to know of a project, from its row. */
export function groundsOf({ id, name, createdBy, ...row }: Project): Grounds {
  return { id, name, createdBy, access: projectAccess.parse(row.access), memberLevel: level.parse(row.memberLevel) }
}

/** The titles of a document and those above it. */
export function titlesOf({ resource, above }: Pick<Place, 'resource' | 'above'>): Map<string, string> {
  return new Map([resource, ...above].map(({ id, title }) => [id, title]))
}

/** Those of the documents above one, the nearest first, that are seen by the same ways. */
export function seenAbove({ ways, above }: Pick<DocumentStanding, 'ways' | 'above'>): Place['above'] {
  if (ways.some(({ from }) => from?.type !== 'document')) return above
  const from = new Set(ways.map((way) => way.from?.id))
  return above.slice(0, above.findLastIndex(({ id }) => from.has(id)) + 1)
}

function isGone({ resource, project }: Place): boolean {
  return resource.trashedAt !== null || project.deletedAt !== null
}

function checked(standing: Standing, action: Action): Standing {
  if (!mayDo(standing.actor, standing.level, action)) throw new Problem('forbidden')
  return standing
}

/** @throws Problem `not-found` for whoever is no member of the organization */
async function memberBehind(ctx: Context, actor: Actor, organizationId: string) {
  const userId = userOf(actor)
  const membership = userId === null ? null : await ctx.memberships.find(organizationId, userId)
  if (userId === null || !membership) throw new Problem('not-found')
  return { actor, organizationId, userId, membership }
}

/** @throws Problem `not-found` for whoever has no way in */
async function standingIn(ctx: Context, actor: Actor, place: Place): Promise<Standing> {
  const { organizationId } = place.resource
  if (actor.type === 'link') {
    return standingBy({ actor, organizationId, userId: null, membership: null }, await waysByLink(ctx, actor, place))
  }
  const who = await memberBehind(ctx, actor, organizationId)
  return standingBy(who, waysInto(who, place.project, place.given, titlesOf(place)))
}

async function waysByLink(
  ctx: Context,
  actor: Extract<Actor, { type: 'link' }>,
  { resource, links }: Place,
): Promise<Way[]> {
  const link = actor.documentId === resource.id ? links.find(({ id }) => id === actor.linkId) : undefined
  const from = { type: 'document', id: resource.id, name: resource.title } as const
  if (!link || !(await ctx.memberships.isThere(resource.organizationId))) return []
  if (link.turn !== null) {
    // Whoever came by an earlier password, or before there was one, is asked for it first.
    const visitor = await ctx.db.visitor.findUnique({ where: { id: actor.id }, select: { passwordTurn: true } })
    if (visitor?.passwordTurn !== link.turn) return []
  }
  return [{ source: 'link', level: link.level, from, teamId: null }]
}

async function permissionIn(ctx: Context, actor: Actor, place: Place): Promise<Permission | null> {
  if (actor.type === 'service' || ctx.users.isRevoked(sessionOf(actor) ?? '')) return null
  let found: Level | null
  if (actor.type === 'link') found = levelBy(actor, await waysByLink(ctx, actor, place))
  else {
    const userId = actor.type === 'user' ? actor.id : actor.userId
    found = levelBy(
      actor,
      (await waysOf(ctx, userId, { ...place, organizationId: place.resource.organizationId })).ways,
    )
  }
  return found === null ? null : permissionOf(found)
}

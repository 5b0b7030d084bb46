import { type Actor, type Permission, Problem, type Role, userOf } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Project, Resource } from './database/client.ts'
import type { Membership } from './memberships.ts'

/** What a role may do with the content of its organization. */
export const permissionOf: Record<Role, Permission> = { owner: 'write', admin: 'write', member: 'write', guest: 'read' }

/** Somebody inside an organization. */
export interface Standing {
  organizationId: string
  userId: string
  membership: Membership
  permission: Permission
}

/**
 * The one gate to an organization's content.
 * @throws Problem `not-found` for whoever is not a member, `forbidden` for readers who want to write
 */
export async function organizationFor(
  ctx: Context,
  actor: Actor,
  organizationId: string,
  need: Permission,
): Promise<Standing> {
  const standing = await standingOf(ctx, actor, organizationId)
  if (need === 'write' && standing.permission !== 'write') {
    throw new Problem('forbidden', 'Guests may read this organization but not change it.')
  }
  return standing
}

/** The one gate to a project. @throws Problem as `organizationFor` */
export async function projectFor(
  ctx: Context,
  actor: Actor,
  id: string,
  need: Permission,
): Promise<Standing & { project: Project }> {
  const project = await ctx.db.project.findUnique({ where: { id } })
  if (!project) throw new Problem('not-found')
  return { ...(await organizationFor(ctx, actor, project.organizationId, need)), project }
}

/**
 * The one gate to a resource and its log.
 * @throws Problem `not-found` when it is unknown, trashed, or the actor may not know of it; `read-only`
 */
export async function documentFor(
  ctx: Context,
  actor: Actor,
  id: string,
  need: Permission,
): Promise<Standing & { resource: Resource }> {
  const resource = await ctx.db.resource.findUnique({ where: { id } })
  if (!resource || resource.trashedAt) throw new Problem('not-found')
  const standing = await standingOf(ctx, actor, resource.organizationId)
  if (need === 'write' && standing.permission !== 'write') throw new Problem('read-only')
  return { ...standing, resource }
}

/** Links open nothing yet, and services act through the log only. */
async function standingOf(ctx: Context, actor: Actor, organizationId: string): Promise<Standing> {
  const userId = userOf(actor)
  const membership = userId === null ? null : await ctx.memberships.find(organizationId, userId)
  if (userId === null || !membership) throw new Problem('not-found')
  return { organizationId, userId, membership, permission: permissionOf[membership.role] }
}

/**
 * What each of some actors may do with a resource now; null for those who may not know of it, as when it is unknown or
 * trashed, or their session was ended. It is as the organization service has it at the time of the question.
 * @throws Problem `unavailable` when the organization service cannot be asked: then nothing is known of anybody
 */
export async function permissionsIn(
  ctx: Context,
  { id, actors }: { id: string; actors: Actor[] },
): Promise<{ permissions: (Permission | null)[] }> {
  await ctx.memberships.caughtUp()
  const resource = await ctx.db.resource.findUnique({ where: { id } })
  if (!resource || resource.trashedAt) return { permissions: actors.map(() => null) }
  return { permissions: await Promise.all(actors.map((actor) => permissionIn(ctx, actor, resource.organizationId))) }
}

async function permissionIn(ctx: Context, actor: Actor, organizationId: string): Promise<Permission | null> {
  if (actor.type === 'user' && ctx.users.isRevoked(actor.sessionId)) return null
  try {
    return (await standingOf(ctx, actor, organizationId)).permission
  } catch (error) {
    if (error instanceof Problem && error.key === 'not-found') return null
    throw error
  }
}

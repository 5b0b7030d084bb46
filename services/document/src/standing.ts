import {
  type AccessSource,
  type Action,
  type Actor,
  allows,
  atLeastLevel,
  type KeyScope,
  type Level,
  levels,
  lowerLevel,
  type Permission,
  Problem,
  type ProjectAccess,
  type Role,
  reach,
} from '@realtime/contracts'
import type { Membership } from './memberships.ts'

// The rules of access, without any question to a database: who has which level where, and why.

/** One way by which somebody has a level. */
export interface Way {
  source: AccessSource
  level: Level
  /** What gives it; null for the organization. */
  from: { type: 'project' | 'document'; id: string; name: string } | null
  /** By which team, where it is by one. */
  teamId: string | null
}

/** What somebody may do in an organization, with a project, or with a document. */
export interface Standing {
  actor: Actor
  organizationId: string
  /** The person behind the actor; null for visitors who came by a link. */
  userId: string | null
  membership: Membership | null
  level: Level
  permission: Permission
  /** Why, the highest level first. */
  ways: Way[]
}

/** A level that was given to a person or a team, on a project or a document. */
export interface Given {
  projectId: string | null
  resourceId: string | null
  userId: string | null
  teamId: string | null
  level: Level
}

/** What the rules need to know of a project. */
export interface Grounds {
  id: string
  name: string
  access: ProjectAccess
  memberLevel: Level
  /** A principal. */
  createdBy: string
}

/** What a role may do in an organization itself, beyond any project: to begin a project is to `write`. */
export const organizationLevel: Record<Role, Level> = {
  owner: 'manage',
  admin: 'manage',
  member: 'edit',
  guest: 'view',
}

/**
 * The ways of a member into a project, and into a document of it when `given` holds what was given on it and those above
 * it, whose `titles` name them. The highest first; none: they may not know of it. Owners manage all there is, admins
 * what is not private; in a private project only people are let in by name.
 */
export function waysInto(
  who: { userId: string; membership: Membership },
  project: Grounds,
  given: Given[],
  titles: ReadonlyMap<string, string> = new Map(),
): Way[] {
  const { role, teams } = who.membership
  const here = { type: 'project', id: project.id, name: project.name } as const
  const ways: Way[] = []
  if (role === 'owner') ways.push({ source: 'owner', level: 'manage', from: null, teamId: null })
  if (role === 'admin' && project.access !== 'private') {
    ways.push({ source: 'admin', level: 'manage', from: null, teamId: null })
  }
  if (project.access === 'organization') {
    const level = role === 'guest' ? 'view' : project.memberLevel
    ways.push({ source: 'organization', level, from: here, teamId: null })
  }
  for (const one of given) {
    const { projectId, resourceId, userId, teamId, level } = one
    const from =
      resourceId === null ? here : { type: 'document' as const, id: resourceId, name: titles.get(resourceId) ?? '' }
    if (!holdsIn(project, one)) continue
    if (userId === who.userId) {
      const own = projectId !== null && level === 'manage' && project.createdBy === `user:${userId}`
      ways.push({ source: own ? 'creator' : 'person', level, from, teamId: null })
    } else if (teamId !== null && teams.includes(teamId)) {
      ways.push({ source: 'team', level, from, teamId })
    }
  }
  return ways.sort((one, other) => levels.indexOf(other.level) - levels.indexOf(one.level))
}

/** Whether what was given counts in a project: of a private one only what was given to people, by name. */
export function holdsIn(project: Grounds, given: Pick<Given, 'projectId' | 'teamId'>): boolean {
  if (given.projectId === null) return true
  return given.projectId === project.id && !(given.teamId !== null && project.access === 'private')
}

const scopeLevel: Partial<Record<KeyScope, Level>> = { 'documents:write': 'edit', 'documents:read': 'view' }

/** How far an actor gets at most: a key as far as its scopes, everybody else as far as they were given. */
export function capOf(actor: Actor): Level | null {
  if (actor.type !== 'key') return 'manage'
  const held = (Object.keys(scopeLevel) as KeyScope[]).find((scope) => actor.scopes.includes(scope))
  return held === undefined ? null : (scopeLevel[held] ?? null)
}

/** The level of an actor who has these ways; null for none. */
export function levelBy(actor: Actor, ways: Way[]): Level | null {
  return lowerLevel(ways[0]?.level ?? null, capOf(actor))
}

/** Whether an actor with a level may do something: the table of levels, within the reach of its sort of actor. */
export function mayDo(actor: Actor, level: Level | null, action: Action): boolean {
  return reach[actor.type].includes(action) && allows(level, action)
}

/** What sockets speak of. */
export function permissionOf(level: Level): Permission {
  return allows(level, 'write') ? 'write' : 'read'
}

/**
 * The standing of an actor who has these ways.
 * @throws Problem `not-found` for whoever has none, `forbidden` for a key without the scope
 */
export function standingBy(
  who: Pick<Standing, 'actor' | 'organizationId' | 'userId' | 'membership'>,
  ways: Way[],
): Standing {
  const level = levelBy(who.actor, ways)
  if (level === null) {
    if (ways.length === 0) throw new Problem('not-found')
    throw new Problem('forbidden', 'This API key is not good for documents.')
  }
  return { ...who, level, permission: permissionOf(level), ways }
}

/** Nobody gives, changes or takes what is above their own level. @throws Problem `forbidden` */
export function checkWithin(standing: Standing, level: Level): void {
  if (!atLeastLevel(standing.level, level)) throw new Problem('forbidden', 'This is more than you may do yourself.')
}

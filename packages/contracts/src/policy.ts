import { z } from 'zod'
import type { Actor } from './actor.ts'
import { roles } from './organization.ts'

/** What may be done with content. */
export const actions = ['read', 'comment', 'write', 'share', 'manage', 'delete', 'restore', 'export'] as const
export const action = z.enum(actions)
export type Action = z.infer<typeof action>

/** How much somebody may do with a project or a document, least first; each holds all before it. */
export const levels = ['view', 'comment', 'edit', 'manage'] as const
export const level = z.enum(levels)
export type Level = z.infer<typeof level>

/**
 * The one table of what each level allows. `share` is: to give others what one has oneself, at most. `delete` moves to
 * the trash and `restore` takes out of it, or goes back to a version; `manage` holds what concerns everybody's access:
 * who sees a project, moving out of it, deleting for good, and links.
 */
export const policy: Record<Level, readonly Action[]> = {
  view: ['read', 'export'],
  comment: ['read', 'export', 'comment'],
  edit: ['read', 'export', 'comment', 'write', 'share', 'delete', 'restore'],
  manage: actions,
}

/**
 * What each sort of actor may do at all, whatever its level: keys and visitors give nobody access, and visitors change
 * content only. Services act through internal routes.
 */
export const reach: Record<Actor['type'], readonly Action[]> = {
  user: actions,
  key: ['read', 'comment', 'write', 'delete', 'restore', 'export'],
  link: ['read', 'comment', 'write', 'export'],
  service: [],
}

/** Why somebody has a level, or has none: one way in. */
export const accessSource = z.enum([
  'owner',
  'admin',
  'organization',
  'team',
  'person',
  'creator',
  'link',
  'key',
  'service',
  'none',
])
export type AccessSource = z.infer<typeof accessSource>

/** Who is asked about, as the table knows them. */
export const actorKinds = [...roles, 'team', 'link', 'key', 'service', 'stranger'] as const
export type ActorKind = (typeof actorKinds)[number]

/** Whether a level allows an action; null is who has none. */
export function allows(given: Level | null, wanted: Action): boolean {
  return given !== null && policy[given].includes(wanted)
}

/** Whether `given` is at least `wanted`. */
export function atLeastLevel(given: Level | null, wanted: Level): boolean {
  return given !== null && levels.indexOf(given) >= levels.indexOf(wanted)
}

/** The higher of two levels; null is none. */
export function higherLevel(one: Level | null, other: Level | null): Level | null {
  if (one === null || other === null) return one ?? other
  return atLeastLevel(one, other) ? one : other
}

/** The lower of two levels; null is none. */
export function lowerLevel(one: Level | null, other: Level | null): Level | null {
  if (one === null || other === null) return null
  return atLeastLevel(one, other) ? other : one
}

/** The least level that allows an action. */
export function leastLevel(wanted: Action): Level {
  return levels.find((one) => allows(one, wanted)) ?? 'manage'
}

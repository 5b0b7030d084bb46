import { type Actor, type KeyScope, Problem, type Role, role, roles } from '@realtime/contracts'
import type { Transaction } from './transactions.ts'

/** The least role that may do a thing in an organization. */
export const leastRole = {
  'organization.read': 'guest',
  'organization.change': 'admin',
  /** To ask for it, and to take that back. */
  'organization.delete': 'owner',
  'organization.transfer': 'owner',
  'organization.leave': 'guest',
  'members.read': 'guest',
  /** Guests come from outside: they see who is there, but no addresses. */
  'members.addresses': 'member',
  'members.change': 'admin',
  /** Guests see the teams that they are in. */
  'teams.read': 'guest',
  'teams.read-all': 'member',
  'teams.change': 'admin',
  'invitations.manage': 'admin',
  'audit.read': 'admin',
  'billing.read': 'guest',
  'billing.subscribe': 'admin',
  'billing.manage': 'admin',
  /** Guests look and change nothing: they spend nothing of what the organization pays for. */
  'credits.spend': 'member',
} as const satisfies Record<string, Role>

export type Action = keyof typeof leastRole

/** What is left to an owner of an organization that is to be deleted. To all others it is gone. */
export const whileEnding: ReadonlySet<Action> = new Set<Action>([
  'organization.read',
  'organization.delete',
  'members.read',
  'members.addresses',
  'teams.read',
  'teams.read-all',
  'audit.read',
  'billing.read',
  'billing.manage',
])

/** What the gate looks at: a membership, and whether its organization is to be deleted. */
export interface Standing {
  role: string
  organization: { deletionAskedAt: Date | null }
}

/** Whether `given` is at least `wanted`. */
export function atLeast(given: Role, wanted: Role): boolean {
  return roles.indexOf(given) <= roles.indexOf(wanted)
}

/** Whether a role may do a thing. */
export function may(given: Role, action: Action): boolean {
  return atLeast(given, leastRole[action])
}

/** Whether an organization is there for this member: one that is to be deleted is there for its owners alone. */
export function isThere({ role, organization }: Standing): boolean {
  return organization.deletionAskedAt === null || role === 'owner'
}

/**
 * The gate to an organization: the role of whoever asks, from their membership row.
 * @throws Problem `not-found` for who is no member, `forbidden` where the role does not suffice, `conflict` where the
 * organization is to be deleted
 */
export function roleFor(standing: Standing | null | undefined, action: Action): Role {
  if (!standing || !isThere(standing)) throw new Problem('not-found')
  const given = role.parse(standing.role)
  if (!may(given, action))
    throw new Problem('forbidden', `This takes the role ${leastRole[action]}; yours is ${given}.`)
  if (standing.organization.deletionAskedAt !== null && !whileEnding.has(action)) {
    throw new Problem('conflict', 'This organization is to be deleted. Take that back before you go on with it.')
  }
  return given
}

/** As `roleFor`, with the membership read for it. @throws Problem `not-found`, `forbidden`, `conflict` */
export async function roleIn(db: Transaction, organizationId: string, userId: string, action: Action): Promise<Role> {
  const standing = await db.membership.findUnique({
    where: { organizationId_userId: { organizationId, userId } },
    select: { role: true, organization: { select: { deletionAskedAt: true } } },
  })
  return roleFor(standing, action)
}

/** Nobody grants, changes or takes away what is above their own role. @throws Problem `forbidden` */
export function checkRank(own: Role, other: Role): void {
  if (!atLeast(own, other)) throw new Problem('forbidden', `As ${own} you may not grant or take the role ${other}.`)
}

/** The person who acts. Keys and links change nothing in organizations. @throws Problem `forbidden` */
export function personOf(actor: Actor): string {
  if (actor.type !== 'user') throw new Problem('forbidden', 'Only a signed-in person may do this.')
  return actor.id
}

const READING: KeyScope = 'organizations:read'

/** The person who reads, also by a key of theirs that is good for it. @throws Problem `forbidden` */
export function readerOf(actor: Actor): string {
  return actor.type === 'key' && actor.scopes.includes(READING) ? actor.userId : personOf(actor)
}

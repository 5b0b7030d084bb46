import { type Actor, Problem, type Role, role, roles } from '@realtime/contracts'
import type { Transaction } from './transactions.ts'

/** The least role that may do a thing in an organization. */
export const leastRole = {
  'organization.read': 'guest',
  'organization.rename': 'admin',
  'members.read': 'guest',
  /** Guests come from outside: they see who is there, but no addresses. */
  'members.addresses': 'member',
  'members.change': 'admin',
  'invitations.manage': 'admin',
  'billing.read': 'guest',
  'billing.manage': 'admin',
  /** Guests look and change nothing: they spend nothing of what the organization pays for. */
  'credits.spend': 'member',
} as const satisfies Record<string, Role>

export type Action = keyof typeof leastRole

/** Whether `given` is at least `wanted`. */
export function atLeast(given: Role, wanted: Role): boolean {
  return roles.indexOf(given) <= roles.indexOf(wanted)
}

/** Whether a role may do a thing. */
export function may(given: Role, action: Action): boolean {
  return atLeast(given, leastRole[action])
}

/**
 * The gate to an organization: the role of whoever asks, from their membership row.
 * @throws Problem `not-found` for who is no member, `forbidden` where the role does not suffice
 */
export function roleFor(membership: { role: string } | null | undefined, action: Action): Role {
  if (!membership) throw new Problem('not-found')
  const given = role.parse(membership.role)
  if (!may(given, action))
    throw new Problem('forbidden', `This takes the role ${leastRole[action]}; yours is ${given}.`)
  return given
}

/** As `roleFor`, with the membership read for it. @throws Problem `not-found`, `forbidden` */
export async function roleIn(db: Transaction, organizationId: string, userId: string, action: Action): Promise<Role> {
  const key = { organizationId, userId }
  return roleFor(await db.membership.findUnique({ where: { organizationId_userId: key } }), action)
}

/** Nobody grants, changes or takes away what is above their own role. @throws Problem `forbidden` */
export function checkRank(own: Role, other: Role): void {
  if (!atLeast(own, other)) throw new Problem('forbidden', `As ${own} you may not grant or take the role ${other}.`)
}

/** The person who acts. Organizations are for people: keys and links have no business here. @throws Problem `forbidden` */
export function personOf(actor: Actor): string {
  if (actor.type !== 'user') throw new Problem('forbidden', 'Only a signed-in person may do this.')
  return actor.id
}

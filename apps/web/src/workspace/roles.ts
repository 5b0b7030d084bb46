import { type Organization, type Role, roles } from '@realtime/contracts'

/** Roles in words. */
export const roleWords: Record<Role, { label: string; article: string; hint: string }> = {
  owner: { label: 'Owner', article: 'an', hint: 'Everything, including other owners' },
  admin: { label: 'Admin', article: 'an', hint: 'Manages people, settings and open projects' },
  member: { label: 'Member', article: 'a', hint: 'Works in projects that are open to them' },
  guest: { label: 'Guest', article: 'a', hint: 'Sees what is shared with them' },
}

/** Whether a role manages people. */
export function manages(role: Role): boolean {
  return role === 'owner' || role === 'admin'
}

/** Whether people, teams and invitations of an organization can be changed: by nobody while it is to be deleted. */
export function managesPeople({ role, deletedAt }: Pick<Organization, 'role' | 'deletedAt'>): boolean {
  return manages(role) && deletedAt === null
}

/** The roles that somebody with `own` may give: none above their own. */
export function grantable(own: Role): Role[] {
  return roles.slice(roles.indexOf(own))
}

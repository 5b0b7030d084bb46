import { type Role, role } from '@realtime/contracts'
import type { Context } from './context.ts'

/** The organizations and roles of a person, for other services. */
export async function listMemberships(ctx: Context, input: { user: string }) {
  const rows = await ctx.db.membership.findMany({ where: { userId: input.user }, orderBy: { joinedAt: 'asc' } })
  return { memberships: rows.map((row) => ({ organizationId: row.organizationId, role: role.parse(row.role) })) }
}

/** The role and name of a person in an organization, for other services; null when not a member. */
export async function findMembership(
  ctx: Context,
  input: { organizationId: string; userId: string },
): Promise<{ membership: { role: Role; name: string; image: string | null } | null }> {
  const row = await ctx.db.membership.findUnique({ where: { organizationId_userId: input } })
  if (!row) return { membership: null }
  const person = (await ctx.people.find([input.userId])).get(input.userId)
  // An account that is gone has no rights, even where its membership is still there.
  if (!person) return { membership: null }
  return { membership: { role: role.parse(row.role), name: person.name, image: person.image } }
}

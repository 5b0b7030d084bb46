import { type Person, type Role, role } from '@realtime/contracts'
import type { Context } from './context.ts'

/** The organizations and roles of a person, for other services; none that is to be deleted. */
export async function listMemberships(ctx: Context, input: { user: string }) {
  const rows = await ctx.db.membership.findMany({
    where: { userId: input.user, organization: { deletionAskedAt: null } },
    orderBy: { joinedAt: 'asc' },
  })
  return { memberships: rows.map((row) => ({ organizationId: row.organizationId, role: role.parse(row.role) })) }
}

/**
 * What each of some people is in an organization, for other services; null for those who are no members, and for
 * everybody while it is to be deleted, unless `ending`.
 */
export async function findMemberships(
  ctx: Context,
  { organizationId, userIds, ending }: { organizationId: string; userIds: string[]; ending: boolean },
): Promise<{ memberships: ({ role: Role; name: string; image: string | null; teams: string[] } | null)[] }> {
  const rows = await ctx.db.membership.findMany({
    where: {
      organizationId,
      userId: { in: userIds },
      ...(ending ? {} : { organization: { deletionAskedAt: null } }),
    },
  })
  const teams = await ctx.db.teamMember.findMany({ where: { organizationId, userId: { in: userIds } } })
  const roles = new Map(rows.map((row) => [row.userId, role.parse(row.role)]))
  const people = roles.size > 0 ? await ctx.people.find([...roles.keys()]) : new Map<string, Person>()
  const memberships = userIds.map((userId) => {
    const own = roles.get(userId)
    const person = people.get(userId)
    // An account that is gone has no rights, even where its membership is still there.
    if (!own || !person) return null
    const ofPerson = teams.flatMap((row) => (row.userId === userId ? [row.teamId] : []))
    return { role: own, name: person.name, image: person.image, teams: ofPerson }
  })
  return { memberships }
}

/**
 * Who is in an organization, by name, for other services, in the order of joining; nobody while it is to be deleted.
 * Accounts that are gone are left out.
 */
export async function listRoster(
  ctx: Context,
  input: { organizationId: string },
): Promise<{ people: { id: string; name: string }[] }> {
  const rows = await ctx.db.membership.findMany({
    where: { organizationId: input.organizationId, organization: { deletionAskedAt: null } },
    orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }],
    select: { userId: true },
  })
  const names = await ctx.people.names(rows.map(({ userId }) => userId))
  return {
    people: rows.flatMap(({ userId: id }) => {
      const name = names.get(id)
      return name === undefined ? [] : [{ id, name }]
    }),
  }
}

/** Whether an organization is there, for other services: neither unknown nor to be deleted. */
export async function findStanding(ctx: Context, input: { organizationId: string }): Promise<{ there: boolean }> {
  const where = { id: input.organizationId, deletionAskedAt: null }
  return { there: (await ctx.db.organization.count({ where })) > 0 }
}

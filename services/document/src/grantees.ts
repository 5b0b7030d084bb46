import { call, type Grantee, organizationInternal, Problem } from '@realtime/contracts'
import type { Context } from './context.ts'

/** Somebody with whom something is shared, as they are called now. */
export interface Named {
  name: string
  image: string | null
}

const MOST_TEAMS = 500

/**
 * Teams of an organization by id, with who is in them; those that are gone are left out, and all while it is to be
 * deleted (unless `ending`).
 * @throws Problem of the call
 */
export async function teamsOf(
  ctx: Context,
  organizationId: string,
  ids: string[],
  { ending = false } = {},
): Promise<Map<string, { name: string; userIds: string[] }>> {
  const teams = new Map<string, { name: string; userIds: string[] }>()
  const wanted = [...new Set(ids)]
  for (let from = 0; from < wanted.length; from += MOST_TEAMS) {
    const input = { params: { organizationId }, body: { ids: wanted.slice(from, from + MOST_TEAMS), ending } }
    const answer = await call(ctx.organization, organizationInternal.teams, input)
    for (const team of answer.teams) teams.set(team.id, team)
  }
  return teams
}

/** People and teams as they are called now, by id; who is in the organization no more is left out. */
export async function namesOf(
  ctx: Context,
  organizationId: string,
  rows: { userId: string | null; teamId: string | null }[],
): Promise<Map<string, Named>> {
  const teamIds = rows.flatMap(({ teamId }) => teamId ?? [])
  const teams = teamIds.length > 0 ? await teamsOf(ctx, organizationId, teamIds) : new Map<string, Named>()
  const names = new Map([...teams].map(([id, { name }]) => [id, { name, image: null }] as [string, Named]))
  await Promise.all(
    rows.map(async ({ userId }) => {
      const membership = userId === null ? null : await ctx.memberships.find(organizationId, userId)
      if (userId !== null && membership) names.set(userId, membership)
    }),
  )
  return names
}

/** The people behind a grantee of an organization. @throws Problem `not-found` when it has no such member or team */
export async function peopleBehind(
  ctx: Context,
  organizationId: string,
  grantee: Grantee,
): Promise<Named & { userIds: string[] }> {
  if (grantee.type === 'user') {
    const membership = await ctx.memberships.find(organizationId, grantee.id)
    if (!membership) throw new Problem('not-found', 'This person is no member of the organization.')
    return { name: membership.name, image: membership.image, userIds: [grantee.id] }
  }
  const team = (await teamsOf(ctx, organizationId, [grantee.id])).get(grantee.id)
  if (!team) throw new Problem('not-found', 'There is no such team in the organization.')
  return { name: team.name, image: null, userIds: team.userIds }
}

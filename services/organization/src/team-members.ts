import { type Actor, Problem } from '@realtime/contracts'
import { may, personOf, roleIn } from './access.ts'
import { castOf, note } from './audit/notes.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import { teamIn } from './teams.ts'
import { holdOrganization, inTransaction } from './transactions.ts'

interface Seat {
  id: string
  teamId: string
  userId: string
}

/** Who is in a team; guests learn that of their own teams only. @throws Problem `not-found` */
export async function listTeamMembers(ctx: Context, actor: Actor, input: { id: string; teamId: string }) {
  const userId = personOf(actor)
  const own = await roleIn(ctx.db, input.id, userId, 'teams.read')
  await teamIn(ctx.db, input.id, input.teamId)
  const rows = await ctx.db.teamMember.findMany({
    where: { teamId: input.teamId },
    orderBy: [{ addedAt: 'asc' }, { userId: 'asc' }],
  })
  if (!may(own, 'teams.read-all') && rows.every((row) => row.userId !== userId)) throw new Problem('not-found')
  const people = await ctx.people.find(rows.map((row) => row.userId))
  return {
    members: rows.map((row) => {
      const person = people.get(row.userId)
      return { userId: row.userId, name: person?.name ?? 'Former account', image: person?.image ?? null }
    }),
  }
}

/** Puts a member of the organization into a team; again changes nothing. @throws Problem `not-found`, `forbidden` */
export async function addTeamMember(ctx: Context, actor: Actor, { id, teamId, userId }: Seat): Promise<void> {
  const actorId = personOf(actor)
  const cast = await castOf(ctx, actor, userId)
  await inTransaction(ctx, async (tx) => {
    await holdOrganization(tx, id)
    await roleIn(tx, id, actorId, 'teams.change')
    const team = await teamIn(tx, id, teamId)
    const key = { organizationId: id, userId }
    const membership = await tx.membership.findUnique({ where: { organizationId_userId: key } })
    if (!membership) throw new Problem('not-found', 'This person is not a member of the organization.')
    const { count } = await tx.teamMember.createMany({ data: { teamId, ...key }, skipDuplicates: true })
    if (count === 0) return
    const detail = { team: team.name, 'team id': team.id }
    await note(tx, {
      organizationId: id,
      by: cast.by,
      type: 'team.member-added',
      target: cast.target(userId),
      detail,
    })
    await recordChange(tx, { type: 'membership.changed', ...key })
  })
}

/** Takes somebody out of a team, or lets them leave it; again changes nothing. @throws Problem `not-found`, `forbidden` */
export async function removeTeamMember(ctx: Context, actor: Actor, { id, teamId, userId }: Seat): Promise<void> {
  const actorId = personOf(actor)
  const cast = await castOf(ctx, actor, userId)
  await inTransaction(ctx, async (tx) => {
    await holdOrganization(tx, id)
    const own = await roleIn(tx, id, actorId, 'teams.read')
    const team = await teamIn(tx, id, teamId)
    const seats = await tx.teamMember.findMany({ where: { teamId, userId: { in: [actorId, userId] } } })
    const knows = may(own, 'teams.read-all') || seats.some((seat) => seat.userId === actorId)
    if (!knows) throw new Problem('not-found')
    await roleIn(tx, id, actorId, userId === actorId ? 'organization.leave' : 'teams.change')
    if (seats.every((seat) => seat.userId !== userId)) return
    await tx.teamMember.delete({ where: { teamId_userId: { teamId, userId } } })
    await note(tx, {
      organizationId: id,
      by: cast.by,
      type: 'team.member-removed',
      target: cast.target(userId),
      detail: { team: team.name, 'team id': team.id },
    })
    await recordChange(tx, { type: 'membership.changed', organizationId: id, userId })
  })
}

/**
 * Teams with who is in them, for other services; unknown ids are left out, and all while the organization is to be
 * deleted, unless `ending`.
 */
export async function findTeams(
  ctx: Context,
  { organizationId, ids, ending }: { organizationId: string; ids: string[]; ending: boolean },
) {
  const rows = await ctx.db.team.findMany({
    where: { organizationId, id: { in: ids }, ...(ending ? {} : { organization: { deletionAskedAt: null } }) },
    include: { members: { select: { userId: true } } },
    orderBy: { nameKey: 'asc' },
  })
  return {
    teams: rows.map(({ id, name, members }) => ({ id, name, userIds: members.map(({ userId }) => userId) })),
  }
}

import { type Actor, Problem, type Team as TeamView } from '@realtime/contracts'
import { may, personOf, readerOf, roleIn } from './access.ts'
import { castOf, note } from './audit/notes.ts'
import { recordChange, recordChanges } from './changes.ts'
import type { Context } from './context.ts'
import type { Team } from './database/client.ts'
import { holdOrganization, inTransaction, type Transaction } from './transactions.ts'

/** Most teams of an organization. */
const MOST_TEAMS = 500

/** The teams that one may know of, by name. @throws Problem `not-found` */
export async function listTeams(ctx: Context, actor: Actor, input: { id: string }): Promise<{ teams: TeamView[] }> {
  const userId = readerOf(actor)
  const own = await roleIn(ctx.db, input.id, userId, 'teams.read')
  const rows = await ctx.db.team.findMany({
    where: {
      organizationId: input.id,
      ...(may(own, 'teams.read-all') ? {} : { members: { some: { userId } } }),
    },
    include: { _count: { select: { members: true } }, members: { where: { userId } } },
    orderBy: { nameKey: 'asc' },
  })
  return {
    teams: rows.map((row) => teamView(row, { members: row._count.members, mine: row.members.length > 0 })),
  }
}

/** Creates a team. @throws Problem `not-found`, `forbidden`, `conflict` (the name is taken, too many) */
export async function createTeam(ctx: Context, actor: Actor, input: { id: string; name: string }): Promise<TeamView> {
  const { id: organizationId, name } = input
  const { by } = await castOf(ctx, actor)
  return inTransaction(ctx, async (tx) => {
    await enter(tx, actor, organizationId)
    if ((await tx.team.count({ where: { organizationId } })) >= MOST_TEAMS) {
      throw new Problem('conflict', `An organization has ${MOST_TEAMS} teams at most.`)
    }
    const nameKey = await freeKey(tx, organizationId, name, null)
    const team = await tx.team.create({ data: { organizationId, name, nameKey } })
    await note(tx, { organizationId, by, type: 'team.created', target: targetOf(team) })
    await recordChange(tx, { type: 'organization.changed', organizationId })
    return teamView(team, { members: 0, mine: false })
  })
}

/** Renames a team. @throws Problem `not-found`, `forbidden`, `conflict` (the name is taken) */
export async function renameTeam(
  ctx: Context,
  actor: Actor,
  input: { id: string; teamId: string; name: string },
): Promise<TeamView> {
  const { id: organizationId, teamId, name } = input
  const { by } = await castOf(ctx, actor)
  return inTransaction(ctx, async (tx) => {
    await enter(tx, actor, organizationId)
    const was = await teamIn(tx, organizationId, teamId)
    const nameKey = await freeKey(tx, organizationId, name, teamId)
    const team = await tx.team.update({ where: { id: teamId }, data: { name, nameKey } })
    const members = await tx.teamMember.findMany({ where: { teamId } })
    if (name !== was.name) {
      const detail = { name, 'name before': was.name }
      await note(tx, { organizationId, by, type: 'team.changed', target: targetOf(team), detail })
      await recordChange(tx, { type: 'organization.changed', organizationId })
    }
    return teamView(team, { members: members.length, mine: members.some((one) => one.userId === personOf(actor)) })
  })
}

/** Deletes a team: its people have no more by it. @throws Problem `not-found`, `forbidden` */
export async function deleteTeam(ctx: Context, actor: Actor, input: { id: string; teamId: string }): Promise<void> {
  const { id: organizationId, teamId } = input
  const { by } = await castOf(ctx, actor)
  await inTransaction(ctx, async (tx) => {
    await enter(tx, actor, organizationId)
    const team = await teamIn(tx, organizationId, teamId)
    const members = await tx.teamMember.findMany({ where: { teamId }, select: { userId: true } })
    await tx.team.delete({ where: { id: teamId } })
    const detail = { members: String(members.length) }
    await note(tx, { organizationId, by, type: 'team.deleted', target: targetOf(team), detail })
    await recordChanges(tx, [
      ...members.map(({ userId }) => ({ type: 'membership.changed' as const, organizationId, userId })),
      { type: 'organization.changed', organizationId },
    ])
  })
}

/** Finds a team of an organization. @throws Problem `not-found` */
export async function teamIn(db: Transaction, organizationId: string, teamId: string): Promise<Team> {
  const team = await db.team.findUnique({ where: { id: teamId, organizationId } })
  if (!team) throw new Problem('not-found', 'There is no such team.')
  return team
}

/** A team as a target of a note. */
export function targetOf({ id, name }: Pick<Team, 'id' | 'name'>) {
  return { type: 'team', id, name }
}

/** Holds the organization, of which whoever acts changes a team. @throws Problem `not-found`, `forbidden`, `conflict` */
async function enter(tx: Transaction, actor: Actor, organizationId: string): Promise<void> {
  const userId = personOf(actor)
  await holdOrganization(tx, organizationId)
  await roleIn(tx, organizationId, userId, 'teams.change')
}

/** The key of a name that no other team has; nobody else takes it while the organization is held. */
async function freeKey(tx: Transaction, organizationId: string, name: string, own: string | null): Promise<string> {
  const nameKey = name.normalize('NFKC').toLowerCase()
  const other = await tx.team.findUnique({ where: { organizationId_nameKey: { organizationId, nameKey } } })
  if (other && other.id !== own) throw new Problem('conflict', `There is a team “${other.name}” already.`)
  return nameKey
}

function teamView(row: Team, { members, mine }: { members: number; mine: boolean }): TeamView {
  return { id: row.id, name: row.name, members, mine, createdAt: row.createdAt.toISOString() }
}

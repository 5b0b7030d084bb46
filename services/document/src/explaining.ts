import { type AccessReason, type Actor, type Level, Problem } from '@realtime/contracts'
import {
  type DocumentStanding,
  documentFor,
  groundsOf,
  type ProjectStanding,
  projectFor,
  seenAbove,
  titlesOf,
  waysOf,
} from './access.ts'
import type { Context } from './context.ts'
import { teamsOf } from './grantees.ts'
import { givensOf, placeOf } from './places.ts'
import { capOf, levelBy, mayDo, type Standing, type Way } from './standing.ts'

/** Why somebody has access, or that they have none. */
export interface Explanation {
  level: Level | null
  reasons: AccessReason[]
}

/**
 * Why somebody may see a project, and what they may do: of oneself for everybody who sees it, of others for those who
 * may share it.
 * @throws Problem `not-found`, `forbidden`
 */
export async function explainProject(
  ctx: Context,
  actor: Actor,
  { id, user }: { id: string; user?: string | undefined },
): Promise<Explanation> {
  const standing = await projectFor(ctx, actor, id, 'read')
  if (isOwn(standing, user)) return explained(ctx, standing)
  const given = givensOf(await ctx.db.share.findMany({ where: { projectId: id } }))
  const { organizationId } = standing
  const { ways } = await waysOf(ctx, user, { organizationId, project: groundsOf(standing.project), given })
  return explained(ctx, { actor: personOf(user), organizationId, ways })
}

/** The same of a document. @throws Problem `not-found`, `forbidden` */
export async function explainDocument(
  ctx: Context,
  actor: Actor,
  { id, user }: { id: string; user?: string | undefined },
): Promise<Explanation> {
  const standing = await documentFor(ctx, actor, id, 'read')
  if (isOwn(standing, user)) return explained(ctx, standing)
  const place = await placeOf(ctx, id, user)
  if (!place) throw new Problem('not-found')
  // Documents above it are named as far as the asker sees them.
  const titles = titlesOf({ resource: place.resource, above: seenAbove(standing) })
  const { organizationId } = standing
  const { ways } = await waysOf(ctx, user, { organizationId, ...place, titles })
  return explained(ctx, { actor: personOf(user), organizationId, ways })
}

/** @throws Problem `forbidden` for whoever asks about somebody else and may not share */
function isOwn(standing: ProjectStanding | DocumentStanding, user: string | undefined): user is undefined {
  if (user === undefined || user === standing.userId) return true
  if (!mayDo(standing.actor, standing.level, 'share')) throw new Problem('forbidden')
  return false
}

const personOf = (id: string): Actor => ({ type: 'user', id, sessionId: '' })

async function explained(
  ctx: Context,
  { actor, organizationId, ways }: Pick<Standing, 'actor' | 'organizationId' | 'ways'>,
): Promise<Explanation> {
  const teamIds = ways.flatMap(({ teamId }) => teamId ?? [])
  const teams = teamIds.length > 0 ? await teamsOf(ctx, organizationId, teamIds) : new Map<string, { name: string }>()
  const via = ({ teamId, from }: Way): string =>
    teamId === null ? (from?.name ?? '') : (teams.get(teamId)?.name ?? '')
  const reasons: AccessReason[] = ways.map((way) => ({ source: way.source, level: way.level, via: via(way) }))
  // A key is as good as its person, and no better than its scopes.
  if (actor.type === 'key') reasons.unshift({ source: 'key', level: capOf(actor), via: '' })
  if (reasons.length === 0) reasons.push({ source: 'none', level: null, via: '' })
  return { level: levelBy(actor, ways), reasons }
}

import { type Change, call, changesEndpoint, organizationInternal } from '@realtime/contracts'
import type { Context } from './context.ts'
import { teamsOf } from './grantees.ts'
import { purgeOrganization } from './purging.ts'

const SOURCE = 'organization'
const PAGE = 500
/** People of one question. */
const MOST_ASKED = 1_000
/** The newest cursor, and no change. */
const NEWEST = { after: Number.MAX_SAFE_INTEGER, wait: 0, limit: 1 }

/**
 * Follows the changes of organizations from where it stopped before, however long ago: who is no member any more loses
 * what was shared with them, a team that is gone what was shared with it, and of an organization that is gone nothing
 * is kept. Each is looked up as it is now, so that doing it twice does nothing more.
 * @throws Problem when organization cannot be asked, to be tried again
 */
export async function followDepartures(ctx: Context, signal: AbortSignal): Promise<void> {
  const known = await ctx.db.followed.findUnique({ where: { source: SOURCE } })
  // At the very first there is nothing to lose yet.
  if (!known) return keep(ctx, (await call(ctx.organization, changesEndpoint, { query: NEWEST })).cursor)
  for (let after = Number(known.cursor); !signal.aborted; ) {
    const { changes, cursor } = await call(ctx.organization, changesEndpoint, { query: { after, limit: PAGE } })
    for (const change of changes) {
      if (signal.aborted) return
      await settle(ctx, change, signal)
    }
    if (cursor !== after) await keep(ctx, cursor)
    if (changes.length < PAGE) return
    after = cursor
  }
}

async function keep(ctx: Context, cursor: number): Promise<void> {
  await ctx.db.followed.upsert({
    where: { source: SOURCE },
    create: { source: SOURCE, cursor },
    update: { cursor },
  })
}

/** One that is to be deleted may be taken back: whoever is in it is asked for as if it were. */
async function settle(ctx: Context, { type, subject }: Change, signal: AbortSignal): Promise<void> {
  const { organizationId, userId } = subject
  if (!organizationId) return
  if (type === 'organization.deleted') return purgeOrganization(ctx, organizationId, signal)
  if (type === 'membership.changed' && userId) return forgetGone(ctx, organizationId, [userId])
  const held = await ctx.db.share.findMany({
    where: { organizationId },
    select: { userId: true, teamId: true },
    distinct: ['userId', 'teamId'],
  })
  await forgetGone(
    ctx,
    organizationId,
    held.flatMap((row) => row.userId ?? []),
  )
  await forgetTeams(
    ctx,
    organizationId,
    held.flatMap((row) => row.teamId ?? []),
  )
}

async function forgetGone(ctx: Context, organizationId: string, userIds: string[]): Promise<void> {
  for (let from = 0; from < userIds.length; from += MOST_ASKED) {
    const asked = userIds.slice(from, from + MOST_ASKED)
    const input = { params: { organizationId }, body: { userIds: asked, ending: true } }
    const { memberships } = await call(ctx.organization, organizationInternal.members, input)
    const where = { organizationId, userId: { in: asked.filter((_, index) => memberships[index] === null) } }
    if (where.userId.in.length === 0) continue
    await ctx.db.$transaction([
      ctx.db.share.deleteMany({ where }),
      ctx.db.favourite.deleteMany({ where }),
      ctx.db.visit.deleteMany({ where }),
      ctx.db.notification.deleteMany({ where }),
    ])
  }
}

async function forgetTeams(ctx: Context, organizationId: string, teamIds: string[]): Promise<void> {
  const there = await teamsOf(ctx, organizationId, teamIds, { ending: true })
  const gone = teamIds.filter((id) => !there.has(id))
  if (gone.length > 0) await ctx.db.share.deleteMany({ where: { organizationId, teamId: { in: gone } } })
}

import { type Actor, type Change, Problem } from '@realtime/contracts'
import { documentFor, organizationFor } from './access.ts'
import type { Context } from './context.ts'
import type { Standing } from './standing.ts'
import { visibleTo } from './visible.ts'

/** One who reads the news of an organization, and hears only of what they may see. */
export interface NewsReader {
  /** Of any organization, in order. */
  change(change: Change): void
  /** Their membership may be another: what they see is looked at again. */
  look(): void
}

interface Seen {
  projects: ReadonlySet<string>
  /** Whether anything was shared with them beyond projects. */
  shares: boolean
  /** Another one: they see something else, or may do something else with it. */
  signature: string
}

/**
 * Sifts the news for somebody. Of a project they hear when they see it or saw it; of documents when they see them, also
 * while these go to the trash, and that they are gone when they went to a project they do not see; that access has
 * changed when their own has or may have, without whose or where; of an inbox when it is theirs. `lost` is called when that cannot be told any more.
 */
export function newsReader(
  ctx: Context,
  { actor, organizationId, userId }: Standing,
  { send, lost }: { send(event: string, data: unknown): void; lost(): void },
): NewsReader {
  let seen: Seen = { projects: new Set(), shares: false, signature: '' }
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): void => {
    last = last.then(work).catch(lost)
  }
  const renew = async (surely = false): Promise<void> => {
    const before = seen.signature
    seen = await seenBy(ctx, actor, organizationId)
    if (surely || seen.signature !== before) send('access.changed', { organizationId })
  }
  const tell = async ({ type, subject }: Change): Promise<void> => {
    const { id = '', projectId = '', from, ...rest } = subject
    if (type === 'inbox.changed') return send(type, { organizationId: subject.organizationId })
    // Of what lies below something that was shared nobody keeps a list.
    if (type === 'access.changed') return renew(seen.shares && id !== '')
    if (type === 'project.changed') {
      const { projects: before } = seen
      await renew()
      if (before.has(id) || seen.projects.has(id)) send(type, subject)
      return
    }
    if (seen.projects.has(projectId) || (seen.shares && (await sees(ctx, actor, id)))) {
      send(type, { id, projectId, ...rest })
    } else if (from !== undefined && seen.projects.has(from)) {
      send('document.deleted', { id, projectId: from, ...rest })
    }
  }
  inTurn(async () => {
    seen = await seenBy(ctx, actor, organizationId)
  })
  return {
    change(change) {
      const { type, subject } = change
      const mine = type === 'inbox.changed' ? subject.userId === userId : subject.organizationId === organizationId
      if (mine) inTurn(() => tell(change))
    },
    look: () => inTurn(() => renew()),
  }
}

async function seenBy(ctx: Context, actor: Actor, organization: string): Promise<Seen> {
  const standing = await organizationFor(ctx, actor, organization)
  const { projects } = await visibleTo(ctx, standing)
  const shares = await ctx.db.share.findMany({
    where: {
      organizationId: organization,
      resourceId: { not: null },
      OR: [{ userId: standing.userId ?? '' }, { teamId: { in: standing.membership?.teams ?? [] } }],
    },
    select: { resourceId: true, level: true },
  })
  const parts = [
    ...[...projects].map(([id, { level }]) => `${id} ${level}`),
    ...shares.map(({ resourceId, level }) => `${resourceId} ${level}`),
  ]
  return { projects: new Set(projects.keys()), shares: shares.length > 0, signature: parts.sort().join('\n') }
}

async function sees(ctx: Context, actor: Actor, id: string): Promise<boolean> {
  try {
    await documentFor(ctx, actor, id, 'read', { trashed: true })
    return true
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return false
    throw error
  }
}

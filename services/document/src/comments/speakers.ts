import type { Actor, Comment, Commenter, Thread } from '@realtime/contracts'
import { anchor, personIn, speakerOf } from '@realtime/contracts'
import type { DocumentStanding } from '../access.ts'
import type { Context } from '../context.ts'
import type { Membership } from '../memberships.ts'
import { mayDo } from '../standing.ts'
import type { FullThread } from './changing.ts'
import { mentionsIn } from './mentions.ts'

/** As whom an actor speaks: a key as its person, who may then edit it; a visitor under the name they gave themselves. */
export function speakingAs(actor: Actor): { principal: string; name: string | null } {
  return { principal: speakerOf(actor), name: actor.type === 'link' ? actor.name : null }
}

/** Threads as whoever asks sees them, and pictures by principals. */
export interface Shown {
  threads: Thread[]
  pictures: Record<string, string>
}

/** Shows threads to whoever asks: everybody in them as they are called now, each asked for once. */
export async function shownThreads(ctx: Context, standing: DocumentStanding, rows: FullThread[]): Promise<Shown> {
  const comments = rows.flatMap((row) => row.comments)
  const principals = [...comments.map(({ principal }) => principal), ...rows.flatMap((row) => row.resolvedBy ?? [])]
  const userIds = [
    ...principals.flatMap((principal) => personIn(principal) ?? []),
    ...comments.flatMap(({ text }) => mentionsIn(text)),
  ]
  const [people, visitors] = await Promise.all([
    peopleOf(ctx, standing.organizationId, userIds),
    visitorsOf(
      ctx,
      rows.flatMap((row) => row.resolvedBy ?? []),
    ),
  ])
  const personBehind = (principal: string): Membership | undefined => people.get(personIn(principal) ?? '')
  const commenter = (principal: string, name: string | null): Commenter => ({
    id: principal,
    name: personBehind(principal)?.name ?? name ?? visitors.get(principal) ?? '',
  })
  const own = speakerOf(standing.actor)
  const manages = mayDo(standing.actor, standing.level, 'manage')
  const pictures = Object.fromEntries(
    [...new Set(principals)].flatMap((principal) => {
      const image = personBehind(principal)?.image
      return image ? [[principal, image]] : []
    }),
  )
  const threads = rows.map((row) => ({
    id: row.id,
    documentId: row.resourceId,
    anchor: anchor.nullable().parse(row.anchor),
    at: row.createdAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    resolvedBy: row.resolvedBy === null ? null : commenter(row.resolvedBy, null),
    comments: row.comments.map(
      ({ id, principal, name, text, createdAt, editedAt }): Comment => ({
        id,
        by: commenter(principal, name),
        text,
        mentions: mentionsIn(text).map((userId) => ({ id: userId, name: people.get(userId)?.name ?? '' })),
        at: createdAt.toISOString(),
        editedAt: editedAt?.toISOString() ?? null,
        mayEdit: principal === own,
        mayDelete: principal === own || manages,
      }),
    ),
  }))
  return { threads, pictures }
}

/** One thread as whoever asks sees it. */
export async function shownThread(ctx: Context, standing: DocumentStanding, row: FullThread): Promise<Thread> {
  const [shown] = (await shownThreads(ctx, standing, [row])).threads
  if (!shown) throw new Error('one thread is shown for one row')
  return shown
}

/** People of an organization by id, each asked for once; who is no member any more is left out. */
export async function peopleOf(
  ctx: Context,
  organizationId: string,
  userIds: string[],
): Promise<Map<string, Membership>> {
  const people = new Map<string, Membership>()
  await Promise.all(
    [...new Set(userIds)].map(async (userId) => {
      const membership = await ctx.memberships.find(organizationId, userId)
      if (membership) people.set(userId, membership)
    }),
  )
  return people
}

/** The names of visitors among those who resolved threads, by their principals; what they said has their name. */
async function visitorsOf(ctx: Context, principals: string[]): Promise<Map<string, string>> {
  const ids = [...new Set(principals.flatMap((principal) => /^link:(.+)$/.exec(principal)?.[1] ?? []))]
  const rows = ids.length === 0 ? [] : await ctx.db.visitor.findMany({ where: { id: { in: ids } } })
  return new Map(rows.map(({ id, name }) => [`link:${id}`, name]))
}

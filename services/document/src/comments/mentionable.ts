import { type Actor, call, organizationInternal } from '@realtime/contracts'
import { documentFor } from '../access.ts'
import type { Context } from '../context.ts'
import { mayComment } from './mentions.ts'
import { hasWord } from './names.ts'

/** People of one answer. */
const MOST = 20

/**
 * People who may comment on a document, by the beginning of a word of their name and in its order, but whoever asks;
 * nobody for visitors, who do not know who is there.
 * @throws Problem as `documentFor`, or of the call
 */
export async function mentionable(
  ctx: Context,
  actor: Actor,
  { id, q }: { id: string; q: string },
): Promise<{ people: { id: string; name: string; image: string | null }[] }> {
  const standing = await documentFor(ctx, actor, id, 'comment')
  const { organizationId, userId: own } = standing
  if (own === null) return { people: [] }
  const { userIds } = await call(ctx.organization, organizationInternal.roster, { params: { organizationId } })
  const found = await mayComment(ctx, standing, userIds)
  const people = [...found].flatMap(([userId, { membership, may }]) =>
    membership && may && userId !== own && hasWord(membership.name, q)
      ? { id: userId, name: membership.name, image: membership.image }
      : [],
  )
  people.sort((one, other) => one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1))
  return { people: people.slice(0, MOST) }
}

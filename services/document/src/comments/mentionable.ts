import { type Actor, call, organizationInternal } from '@realtime/contracts'
import { documentFor } from '../access.ts'
import type { Context } from '../context.ts'
import { mayComment } from './mentions.ts'
import { hasWord } from './names.ts'

/** People of one answer. */
const MOST = 20
/** People who are asked about at once: pictures come with what they may do. */
const ASKED = 40

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
  const { people } = await call(ctx.organization, organizationInternal.roster, { params: { organizationId } })
  const named = people
    .filter(({ id, name }) => id !== own && hasWord(name, q))
    .sort((one, other) => one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1))
  const found: { id: string; name: string; image: string | null }[] = []
  for (let from = 0; from < named.length && found.length < MOST; from += ASKED) {
    const asked = named.slice(from, from + ASKED)
    const answers = await mayComment(
      ctx,
      standing,
      asked.map(({ id }) => id),
    )
    for (const { id, name } of asked) {
      const answer = answers.get(id)
      if (answer?.membership && answer.may) found.push({ id, name, image: answer.membership.image })
    }
  }
  return { people: found.slice(0, MOST) }
}

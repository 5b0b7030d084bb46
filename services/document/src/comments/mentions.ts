import { allows, Problem } from '@realtime/contracts'
import { type DocumentStanding, waysOf } from '../access.ts'
import type { Context } from '../context.ts'
import type { Membership } from '../memberships.ts'
import { placeOf } from '../places.ts'
import { levelBy } from '../standing.ts'

/** People mentioned in one comment. */
const MOST_MENTIONS = 50
/** Characters of what an inbox says of a comment. */
const PIECE_LENGTH = 140

const MENTION = /<@([A-Za-z0-9_-]{1,64})>/g

/** The ids of the people mentioned in a text, each once. */
export function mentionsIn(text: string): string[] {
  return [...new Set([...text.matchAll(MENTION)].map(([, id = '']) => id))]
}

/** A comment on one short line, with the people in it by name; for inboxes and mails. */
export function pieceOf(text: string, names: ReadonlyMap<string, Pick<Membership, 'name'>>): string {
  const line = text
    .replace(MENTION, (_, id: string) => `@${names.get(id)?.name || 'somebody'}`)
    .replace(/\s+/g, ' ')
    .trim()
  const characters = [...new Intl.Segmenter().segment(line.slice(0, 8 * PIECE_LENGTH))].map(({ segment }) => segment)
  if (characters.length <= PIECE_LENGTH) return line.slice(0, 8 * PIECE_LENGTH)
  return `${characters.slice(0, PIECE_LENGTH - 1).join('')}…`
}

/** Whether some people may comment on a document, as members of its organization. */
export async function mayComment(
  ctx: Context,
  { organizationId, resource }: Pick<DocumentStanding, 'organizationId' | 'resource'>,
  userIds: string[],
): Promise<Map<string, { membership: Membership | null; may: boolean }>> {
  const found = new Map<string, { membership: Membership | null; may: boolean }>()
  const place = userIds.length === 0 ? null : await placeOf(ctx, resource.id, null)
  if (!place) return found
  await Promise.all(
    [...new Set(userIds)].map(async (userId) => {
      const { membership, ways } = await waysOf(ctx, userId, { ...place, organizationId })
      const level = levelBy({ type: 'user', id: userId, sessionId: '' }, ways)
      found.set(userId, { membership, may: allows(level, 'comment') })
    }),
  )
  return found
}

/**
 * Makes sure that all who are mentioned in a text may comment on the document. Whoever was mentioned before may have
 * left since. Visitors mention nobody: they do not know who is there.
 * @throws Problem `invalid-input` at `text`
 */
export async function checkMentions(
  ctx: Context,
  standing: DocumentStanding,
  text: string,
  before: string[] = [],
): Promise<void> {
  const all = mentionsIn(text)
  const mentioned = all.filter((id) => !before.includes(id))
  if (mentioned.length === 0) return
  if (standing.userId === null) throw invalidText('Whoever came by a link mentions nobody.')
  if (all.length > MOST_MENTIONS) throw invalidText(`A comment mentions ${MOST_MENTIONS} people at most.`)
  const found = await mayComment(ctx, standing, mentioned)
  const refused = mentioned.filter((id) => !found.get(id)?.may)
  if (refused.length === 0) return
  const names = refused.flatMap((id) => found.get(id)?.membership?.name ?? [])
  if (names.length < refused.length) throw invalidText('Somebody who is mentioned is not in this organization.')
  throw invalidText(`${names.join(', ')} cannot comment on this document; share it with them first.`)
}

function invalidText(message: string): Problem {
  return new Problem('invalid-input', message, { errors: [{ path: 'body.text', message }] })
}

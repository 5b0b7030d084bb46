import { type Actor, Problem, speakerOf, type Thread } from '@realtime/contracts'
import { type DocumentStanding, documentFor } from '../access.ts'
import type { Context } from '../context.ts'
import type { Comment as Row } from '../database/client.ts'
import { mayDo } from '../standing.ts'
import { changeComments, type FullThread, threadIn } from './changing.ts'
import { checkMentions, mentionsIn, pieceOf } from './mentions.ts'
import { peopleOf, shownThread } from './speakers.ts'
import { newestFor, retell, tell, untell, untellThread } from './telling.ts'

interface Which {
  id: string
  thread: string
  comment: string
}

/**
 * Says something else in an own comment. Only who is newly mentioned is told; inboxes that tell of it say what it says
 * now.
 * @throws Problem `not-found`, `forbidden` (somebody else’s), `invalid-input` (a mention)
 */
export async function editComment(ctx: Context, actor: Actor, input: Which & { text: string }): Promise<Thread> {
  const { id, text } = input
  const standing = await documentFor(ctx, actor, id, 'comment')
  const known = await threadIn(ctx.db, input)
  const { text: before } = ownIn(standing, known, input)
  if (before === text) return shownThread(ctx, standing, known)
  await checkMentions(ctx, standing, text, mentionsIn(before))
  const names = await peopleOf(ctx, standing.organizationId, mentionsIn(text))
  const row = await changeComments(ctx, standing, async (tx) => {
    const thread = await threadIn(tx, input)
    const comment = ownIn(standing, thread, input)
    if (comment.text === text) return { result: thread, inboxes: [] }
    await tx.comment.update({ where: { id: comment.id }, data: { text, editedAt: new Date() } })
    const told = { organizationId: standing.organizationId, resourceId: id, comment, piece: pieceOf(text, names) }
    const mentioned = mentionsIn(text)
    const stays = await retell(tx, told, mentioned)
    const already = mentionsIn(comment.text)
    const added = await tell(tx, told, { mentioned: mentioned.filter((one) => !already.includes(one)), others: [] })
    return { result: await threadIn(tx, input), inboxes: [...stays, ...added] }
  })
  return shownThread(ctx, standing, row)
}

/**
 * Deletes an own comment, or with `manage` anybody’s; with the first one the whole thread goes. Inboxes that tell of it
 * tell of what was said before it, if their people were to hear of that.
 * @throws Problem `not-found`, `forbidden`
 */
export async function deleteComment(ctx: Context, actor: Actor, input: Which): Promise<void> {
  const { id } = input
  const standing = await documentFor(ctx, actor, id, 'comment')
  const manages = mayDo(actor, standing.level, 'manage')
  const { comments } = await threadIn(ctx.db, input)
  const mentioned = comments.flatMap(({ text }) => mentionsIn(text))
  const names = await peopleOf(ctx, standing.organizationId, mentioned)
  await changeComments(ctx, standing, async (tx) => {
    const thread = await threadIn(tx, input)
    const comment = manages ? commentIn(thread, input) : ownIn(standing, thread, input)
    if (thread.comments[0]?.id === comment.id) {
      await tx.thread.delete({ where: { id: thread.id } })
      return { result: undefined, inboxes: await untellThread(tx, { resourceId: id, threadId: thread.id }) }
    }
    await tx.comment.delete({ where: { id: comment.id } })
    const left = thread.comments.filter((one) => one.id !== comment.id)
    const inboxes = await untell(tx, { resourceId: id, comment }, (userId) => {
      const before = newestFor(userId, left, standing.resource.createdBy)
      return before && { id: before.id, piece: pieceOf(before.text, names) }
    })
    return { result: undefined, inboxes }
  })
}

/** @throws Problem `not-found` */
function commentIn({ comments }: FullThread, { comment }: Which): Row {
  const found = comments.find(({ id }) => id === comment)
  if (!found) throw new Problem('not-found')
  return found
}

/** @throws Problem `not-found`, `forbidden` */
function ownIn(standing: DocumentStanding, thread: FullThread, which: Which): Row {
  const comment = commentIn(thread, which)
  if (comment.principal === speakerOf(standing.actor)) return comment
  throw new Problem('forbidden', 'This comment is somebody else’s.')
}

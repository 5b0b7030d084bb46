import {
  type Actor,
  type Anchor,
  MOST_COMMENTS,
  MOST_IN_DOCUMENT,
  MOST_THREADS,
  Problem,
  personIn,
  speakerOf,
  type Thread,
} from '@realtime/contracts'
import { type DocumentStanding, documentFor } from '../access.ts'
import type { Context } from '../context.ts'
import { Prisma } from '../database/client.ts'
import { newId } from '../ids.ts'
import { changeComments, type FullThread, IN_ORDER, type Transaction, threadIn } from './changing.ts'
import { checkMentions, mayComment, mentionsIn, pieceOf } from './mentions.ts'
import { peopleOf, type Shown, shownThread, shownThreads, speakingAs } from './speakers.ts'
import { tell, untellThread } from './telling.ts'

/** The threads of a document, the oldest first. @throws Problem as `documentFor` */
export async function listThreads(ctx: Context, actor: Actor, { id }: { id: string }): Promise<Shown> {
  const standing = await documentFor(ctx, actor, id, 'comment')
  const rows = await ctx.db.thread.findMany({
    where: { resourceId: id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: { comments: { orderBy: [...IN_ORDER] } },
  })
  return shownThreads(ctx, standing, rows)
}

/**
 * Begins a thread. Those who are mentioned are told, and whoever created the document.
 * @throws Problem `invalid-input` (a mention), `conflict` (too many)
 */
export async function beginThread(
  ctx: Context,
  actor: Actor,
  { id, text, anchor }: { id: string; text: string; anchor: Anchor | null },
): Promise<Thread> {
  const standing = await documentFor(ctx, actor, id, 'comment')
  await checkMentions(ctx, standing, text)
  const principals = [standing.resource.createdBy]
  const saying = await sayingOf(ctx, standing, text, principals)
  const { organizationId } = standing
  const row = await changeComments(ctx, standing, async (tx) => {
    if ((await tx.thread.count({ where: { resourceId: id } })) >= MOST_THREADS) {
      throw new Problem('conflict', `A document has ${MOST_THREADS} threads of comments at most; delete some first.`)
    }
    await checkRoom(tx, id)
    const at = new Date()
    const data = { id: newId(), resourceId: id, organizationId, anchor: anchor ?? Prisma.DbNull, createdAt: at }
    const thread = await tx.thread.create({ data })
    return saying.say(tx, thread, { at, principals })
  })
  return shownThread(ctx, standing, row)
}

/**
 * Answers in a thread, and opens it again when it was resolved. Those who are mentioned are told, and all who wrote in
 * it before.
 * @throws Problem `not-found`, `invalid-input` (a mention), `conflict` (too many)
 */
export async function answerThread(
  ctx: Context,
  actor: Actor,
  { id, thread, text }: { id: string; thread: string; text: string },
): Promise<Thread> {
  const standing = await documentFor(ctx, actor, id, 'comment')
  const known = await threadIn(ctx.db, { id, thread })
  await checkMentions(ctx, standing, text)
  const saying = await sayingOf(ctx, standing, text, principalsOf(known))
  const row = await changeComments(ctx, standing, async (tx) => {
    const now = await threadIn(tx, { id, thread })
    const { comments } = now
    if (comments.length >= MOST_COMMENTS) {
      throw new Problem('conflict', `A thread has ${MOST_COMMENTS} comments at most; begin another one.`)
    }
    await checkRoom(tx, id)
    const opened = await tx.thread.update({ where: { id: thread }, data: { resolvedAt: null, resolvedBy: null } })
    // Behind all that was said, whatever the clock of this process says.
    const last = comments.at(-1)?.createdAt.getTime() ?? 0
    return saying.say(tx, opened, { at: new Date(Math.max(Date.now(), last + 1)), principals: principalsOf(now) })
  })
  return shownThread(ctx, standing, row)
}

/** Resolves a thread, which leaves the inboxes then, or opens it again. @throws Problem `not-found` */
export async function resolveThread(
  ctx: Context,
  actor: Actor,
  { id, thread, resolved }: { id: string; thread: string; resolved: boolean },
): Promise<Thread> {
  const standing = await documentFor(ctx, actor, id, 'comment')
  const known = await threadIn(ctx.db, { id, thread })
  if ((known.resolvedAt !== null) === resolved) return shownThread(ctx, standing, known)
  const row = await changeComments(ctx, standing, async (tx) => {
    const now = await threadIn(tx, { id, thread })
    if ((now.resolvedAt !== null) === resolved) return { result: now, inboxes: [] }
    const data = resolved
      ? { resolvedAt: new Date(), resolvedBy: speakerOf(standing.actor) }
      : { resolvedAt: null, resolvedBy: null }
    const changed = await tx.thread.update({ where: { id: thread }, data })
    const inboxes = resolved ? await untellThread(tx, { resourceId: id, threadId: thread }) : []
    return { result: { ...now, ...changed }, inboxes }
  })
  return shownThread(ctx, standing, row)
}

function principalsOf({ comments }: FullThread): string[] {
  return comments.map(({ principal }) => principal)
}

/**
 * What is asked before a comment is written, so that nobody is asked while others wait for the transaction. `principals`
 * are told as far as they may comment. Who spoke meanwhile is told in any case: they could just now, and an inbox shows
 * nobody what they may not read.
 */
async function sayingOf(ctx: Context, standing: DocumentStanding, text: string, principals: string[]) {
  const { organizationId, resource } = standing
  const mentioned = mentionsIn(text)
  const names = await peopleOf(ctx, organizationId, mentioned)
  const found = await mayComment(ctx, standing, peopleAmong(principals))
  return {
    async say(
      tx: Transaction,
      thread: Omit<FullThread, 'comments'>,
      { at, principals }: { at: Date; principals: string[] },
    ) {
      const data = { id: newId(), threadId: thread.id, ...speakingAs(standing.actor), text, createdAt: at }
      const comment = await tx.comment.create({ data })
      const result = await threadIn(tx, { id: resource.id, thread: thread.id })
      const told = { organizationId, resourceId: resource.id, comment, piece: pieceOf(text, names) }
      const others = peopleAmong(principals).filter((userId) => found.get(userId)?.may ?? true)
      return { result, inboxes: await tell(tx, told, { mentioned, others }) }
    },
  }
}

function peopleAmong(principals: string[]): string[] {
  return principals.flatMap((principal) => personIn(principal) ?? [])
}

/** All comments of a document are one answer. @throws Problem `conflict` */
async function checkRoom(tx: Transaction, id: string): Promise<void> {
  if ((await tx.comment.count({ where: { thread: { resourceId: id } } })) < MOST_IN_DOCUMENT) return
  throw new Problem('conflict', `A document has ${MOST_IN_DOCUMENT} comments at most; delete some first.`)
}

import { commentApi as api } from '@realtime/contracts'
import { answer, type Route } from '@realtime/kit'
import type { Context } from '../context.ts'
import { deleteComment, editComment } from './comments.ts'
import { mentionable } from './mentionable.ts'
import { answerThread, beginThread, listThreads, resolveThread } from './threads.ts'

/** What people say about documents. */
export function commentRoutes(ctx: Context): Route[] {
  return [
    answer(api.mentionable, ({ actor, params, query }) => mentionable(ctx, actor, { ...params, ...query })),
    answer(api.threads, ({ actor, params }) => listThreads(ctx, actor, params)),
    answer(api.beginThread, ({ actor, params, body }) => beginThread(ctx, actor, { ...params, ...body })),
    answer(api.answerThread, ({ actor, params, body }) => answerThread(ctx, actor, { ...params, ...body })),
    answer(api.resolveThread, ({ actor, params, body }) => resolveThread(ctx, actor, { ...params, ...body })),
    answer(api.editComment, ({ actor, params, body }) => editComment(ctx, actor, { ...params, ...body })),
    answer(api.deleteComment, ({ actor, params }) => deleteComment(ctx, actor, params)),
  ]
}

import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'

/** Characters of one comment. */
export const COMMENT_LENGTH = 5_000
/** Threads of one document, and comments of one thread. */
export const MOST_THREADS = 1_000
export const MOST_COMMENTS = 500
/** Comments of one document, in all its threads. */
export const MOST_IN_DOCUMENT = 5_000

/** What breaks a line or turns around what stands beside it, and halves of characters, which PostgreSQL refuses. */
const UNFIT = /[\u202A-\u202E\u2066-\u2069]|(?!\n)\p{Cc}|\p{Cs}/gu

/**
 * What somebody says, in lines. People are mentioned as `<@ID>`, so that a name that changes changes here too. Control
 * characters but line breaks and overrides of the writing direction become spaces.
 */
export const commentText = z
  .string()
  .overwrite((value) => value.replace(/\r\n?/g, '\n').replace(UNFIT, ' ').trim())
  .min(1, 'must not be empty')
  .max(COMMENT_LENGTH)
  .refine((value) => /[^\s\p{Cf}]/u.test(value), 'must not be empty')

/** A place of the content that moves along with it: a Yjs relative position (encoded, base64url). */
const position = z.string().regex(/^[A-Za-z0-9_-]{1,400}$/, 'must be an encoded position')

/** To which piece of a text a thread belongs, and how that read when it was begun. */
export const anchor = z.strictObject({
  from: position,
  to: position,
  quote: z
    .string()
    .overwrite((value) => value.replace(UNFIT, ' '))
    .min(1)
    .max(500),
})
export type Anchor = z.infer<typeof anchor>

/**
 * Somebody who wrote, as they are called now; the name is empty for who has left. `id` is theirs as a principal, for
 * instance `user:ID`. Their picture comes once for all threads: it is a data URL, and they may have said a lot.
 */
export const commenter = z.object({ id: z.string(), name: z.string() })
export type Commenter = z.infer<typeof commenter>

export const comment = z.object({
  id,
  by: commenter,
  text: z.string(),
  /** The people mentioned in the text, as they are called now. */
  mentions: z.array(z.object({ id, name: z.string() })),
  at: z.string(),
  editedAt: z.string().nullable(),
  /** What whoever asks may do with it. */
  mayEdit: z.boolean(),
  mayDelete: z.boolean(),
})
export type Comment = z.infer<typeof comment>

/** Comments that belong together: the first, and the answers to it in their order. */
export const thread = z.object({
  id,
  documentId: id,
  /** Null for what is about the whole document. */
  anchor: anchor.nullable(),
  at: z.string(),
  resolvedAt: z.string().nullable(),
  resolvedBy: commenter.nullable(),
  comments: z.array(comment).min(1),
})
export type Thread = z.infer<typeof thread>

const byId = z.object({ id })
const byThread = z.object({ id, thread: id })
const byComment = z.object({ id, thread: id, comment: id })

/**
 * What people say about a document. All of it, reading too, takes `comment`: what a team says among itself is not for
 * everybody who may look.
 */
export const commentApi = {
  threads: endpoint({
    method: 'GET',
    path: '/documents/:id/comments',
    summary: 'The threads of a document, the oldest first, resolved ones too',
    access: 'user',
    params: byId,
    response: z.object({
      threads: z.array(thread),
      /** The pictures of those who wrote in them or resolved them, by their id; only of those who have one. */
      pictures: z.record(z.string(), z.string()),
    }),
  }),
  beginThread: endpoint({
    method: 'POST',
    path: '/documents/:id/comments',
    summary:
      'Begin a thread. Who is mentioned must be able to comment there (`invalid-input`); they and the document’s creator are told',
    access: 'user',
    params: byId,
    body: z.strictObject({ text: commentText, anchor: anchor.nullable().default(null) }),
    response: thread,
    status: 201,
  }),
  answerThread: endpoint({
    method: 'POST',
    path: '/documents/:id/comments/:thread',
    summary: 'Answer in a thread, which opens it again when it was resolved; whoever wrote in it before is told',
    access: 'user',
    params: byThread,
    body: z.strictObject({ text: commentText }),
    response: thread,
    status: 201,
  }),
  resolveThread: endpoint({
    method: 'PATCH',
    path: '/documents/:id/comments/:thread',
    summary: 'Resolve a thread, or open it again',
    access: 'user',
    params: byThread,
    body: z.strictObject({ resolved: z.boolean() }),
    response: thread,
  }),
  editComment: endpoint({
    method: 'PATCH',
    path: '/documents/:id/comments/:thread/:comment',
    summary: 'Say something else in an own comment',
    access: 'user',
    params: byComment,
    body: z.strictObject({ text: commentText }),
    response: thread,
  }),
  deleteComment: endpoint({
    method: 'DELETE',
    path: '/documents/:id/comments/:thread/:comment',
    summary: 'Delete an own comment, or with `manage` anybody’s; with the first one the whole thread goes',
    access: 'user',
    params: byComment,
    response: 'empty',
  }),
  mentionable: endpoint({
    method: 'GET',
    path: '/documents/:id/mentionable',
    summary: 'People who may comment on a document, by the beginning of a word of their name; nobody for link visitors',
    access: 'user',
    params: byId,
    query: z.object({ q: z.string().max(100).default('') }),
    response: z.object({ people: z.array(z.object({ id, name: z.string(), image: z.string().nullable() })).max(20) }),
  }),
}

import { z } from 'zod'

/** An opaque id as services make them: letters, digits, `_` and `-`. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be an id')

/** Who acts. Every policy check takes one of these. */
export const actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user'), id, sessionId: z.string() }),
  /** `name` is what its person called the key. */
  z.object({ type: z.literal('key'), id, userId: id, scopes: z.array(z.string()), name: z.string().optional() }),
  /** Somebody who came by a share link: `id` is theirs alone and lasts as long as their browser keeps it. */
  z.object({ type: z.literal('link'), id, linkId: id, documentId: id, name: z.string() }),
  z.object({ type: z.literal('service'), name: z.string() }),
])
export type Actor = z.infer<typeof actor>

/** The durable name of who wrote something: sessions and tabs of one person share it. */
export function principalOf(actor: Actor): string {
  return actor.type === 'service' ? `service:${actor.name}` : `${actor.type}:${actor.id}`
}

/** As whom an actor speaks, as a principal: a key as its person. */
export function speakerOf(actor: Actor): string {
  const userId = userOf(actor)
  return userId === null ? principalOf(actor) : `user:${userId}`
}

/** The id of a principal that is a person; null for keys, visitors and services. */
export function personIn(principal: string): string | null {
  return principal.startsWith('user:') ? principal.slice('user:'.length) : null
}

/** The id of the person behind an actor, or null for links and services. */
export function userOf(actor: Actor): string | null {
  return actor.type === 'user' ? actor.id : actor.type === 'key' ? actor.userId : null
}

/** By what auth's list of what was ended knows an actor: its session, key or share link; null for services. */
export function sessionOf(actor: Actor): string | null {
  if (actor.type === 'service') return null
  return actor.type === 'user' ? actor.sessionId : actor.type === 'key' ? actor.id : actor.linkId
}

/** What an API key may be good for; each key has some. */
export const keyScopes = ['documents:read', 'documents:write', 'organizations:read'] as const
export const keyScope = z.enum(keyScopes)
export type KeyScope = z.infer<typeof keyScope>

/**
 * Claims of a user token: who, by which session, key or share link (`sid`), and no roles. Times in seconds since 1970.
 * A key's token says in `name` what the key is called. A link's token names its one document in `scope` (`document:ID`)
 * and its visitor in `name`.
 */
export const userClaims = z.object({
  sub: id,
  act: z.enum(['user', 'key', 'link']),
  sid: z.string(),
  iss: z.string(),
  aud: z.string(),
  exp: z.number(),
  scope: z.string().optional(),
  name: z.string().optional(),
})
export type UserClaims = z.infer<typeof userClaims>

/** Life of a user token in seconds. */
export const USER_TOKEN_SECONDS = 600

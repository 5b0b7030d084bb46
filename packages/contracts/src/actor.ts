import { z } from 'zod'

/** An opaque id as services make them: letters, digits, `_` and `-`. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be an id')

/** Who acts. Every policy check takes one of these. */
export const actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user'), id, sessionId: z.string() }),
  z.object({ type: z.literal('key'), id, userId: id, scopes: z.array(z.string()) }),
  z.object({ type: z.literal('link'), id, documentId: id, scopes: z.array(z.string()) }),
  z.object({ type: z.literal('service'), name: z.string() }),
])
export type Actor = z.infer<typeof actor>

/** The durable name of who wrote something: sessions and tabs of one person share it. */
export function principalOf(actor: Actor): string {
  return actor.type === 'service' ? `service:${actor.name}` : `${actor.type}:${actor.id}`
}

/** The id of the person behind an actor, or null for links and services. */
export function userOf(actor: Actor): string | null {
  return actor.type === 'user' ? actor.id : actor.type === 'key' ? actor.userId : null
}

/** Claims of a user token: who, by which session or key, and no roles. Times in seconds since 1970. */
export const userClaims = z.object({
  sub: id,
  act: z.enum(['user', 'key', 'link']),
  sid: z.string(),
  iss: z.string(),
  aud: z.string(),
  exp: z.number(),
  scope: z.string().optional(),
})
export type UserClaims = z.infer<typeof userClaims>

/** Life of a user token in seconds. */
export const USER_TOKEN_SECONDS = 600

import { type Actor, Problem, USER_TOKEN_SECONDS } from '@realtime/contracts'
import { openEvents } from '@realtime/kit'
import type { Request, Response } from 'express'
import { organizationFor } from './access.ts'
import type { Context } from './context.ts'
import { newsReader } from './news-reader.ts'

/** Changes of memberships are told at once; this is for revoked sessions, and for when nobody tells. */
const RECHECK_MS = 5_000

/**
 * Streams the changes of an organization to one of its members, of what they may see: `project.changed`,
 * `document.changed`, `document.deleted`, `versions.changed` and `comments.changed` (of a resource), each with {id, …};
 * `access.changed` when what they see or may do is another; `inbox.changed` of their own inbox, in whichever
 * organization. It begins with now: readers fetch the lists after it has opened. It ends with the membership, the
 * session or the life of a token, and when news may be missing; the reader opens it again.
 * @throws Problem `not-found` for whoever is not a member, `unavailable` while there is no news to be had
 */
export async function streamNews(
  ctx: Context,
  actor: Actor,
  { organization, request, response }: { organization: string; request: Request; response: Response },
): Promise<void> {
  const standing = await organizationFor(ctx, actor, organization)
  if (!ctx.feed.live()) throw new Problem('unavailable', 'There is no news at the moment; try again.')
  const end = (): void => stream.close()
  const send = (event: string, data: unknown): void => stream.send(event, data)
  const reader = newsReader(ctx, standing, { send, lost: end })
  const recheck = (): void => {
    if (actor.type === 'user' && ctx.users.isRevoked(actor.sessionId)) end()
    else organizationFor(ctx, actor, organization).catch(end)
  }
  const checking = setInterval(recheck, RECHECK_MS)
  const unwatch = ctx.memberships.watch(({ organizationId }) => {
    if (organizationId !== undefined && organizationId !== organization) return
    recheck()
    reader.look()
  })
  const ending = setTimeout(end, USER_TOKEN_SECONDS * 1000)
  const unsubscribe = ctx.feed.subscribe(null, { change: reader.change, lost: end })
  const stream = openEvents(request, response, {
    onClose: () => {
      clearInterval(checking)
      clearTimeout(ending)
      unwatch()
      unsubscribe()
      ctx.draining.removeEventListener('abort', end)
    },
  })
  ctx.draining.addEventListener('abort', end)
}

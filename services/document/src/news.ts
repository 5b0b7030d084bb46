import { type Actor, USER_TOKEN_SECONDS } from '@realtime/contracts'
import { type EventStream, openEvents } from '@realtime/kit'
import type { Request, Response } from 'express'
import { organizationFor } from './access.ts'
import { changesAfter, newestCursor } from './changes.ts'
import type { Context } from './context.ts'

const RECHECK_MS = 5_000
const BATCH = 500

/**
 * Streams the changes of an organization to one of its members: `project.changed`, `document.changed`,
 * `document.deleted`, each with {id, …}. It begins with now: readers fetch the lists after it has opened. It ends with
 * the membership, the session or the life of a token, whichever is first; the reader opens it again with a new token.
 * @throws Problem `not-found` for whoever is not a member
 */
export async function streamNews(
  ctx: Context,
  actor: Actor,
  { organization, request, response }: { organization: string; request: Request; response: Response },
): Promise<void> {
  await organizationFor(ctx, actor, organization, 'read')
  let cursor = await newestCursor(ctx)
  let reading = false
  let again = false
  const read = async (stream: EventStream): Promise<void> => {
    do {
      again = false
      const changes = await changesAfter(ctx, cursor, BATCH)
      for (const change of changes) {
        cursor = change.cursor
        if (change.subject.organizationId === organization) stream.send(change.type, change.subject)
      }
      if (changes.length === BATCH) again = true
    } while (again)
  }
  const wake = (): void => {
    again = true
    if (reading) return
    reading = true
    read(stream)
      .catch((error: unknown) => {
        ctx.log.debug({ err: error }, 'changes cannot be read')
        stream.close()
      })
      .finally(() => {
        reading = false
      })
  }
  const end = (): void => stream.close()
  const recheck = (): void => {
    if (actor.type === 'user' && ctx.users.isRevoked(actor.sessionId)) end()
    else organizationFor(ctx, actor, organization, 'read').catch(end)
  }
  const timers = [setInterval(recheck, RECHECK_MS), setTimeout(end, USER_TOKEN_SECONDS * 1000)]
  const unsubscribe = ctx.changed.subscribe({ message: wake, state: (state) => state === 'up' && wake() })
  const stream = openEvents(request, response, {
    onClose: () => {
      for (const timer of timers) clearTimeout(timer)
      unsubscribe()
      ctx.draining.removeEventListener('abort', end)
    },
  })
  ctx.draining.addEventListener('abort', end)
  // What was recorded since the cursor was taken.
  wake()
}

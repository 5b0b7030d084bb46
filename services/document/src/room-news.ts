import { type AccessNews, Problem } from '@realtime/contracts'
import { openEvents } from '@realtime/kit'
import type { Request, Response } from 'express'
import { readAnnouncement } from './announcer.ts'
import type { Context } from './context.ts'

/**
 * Streams what those who keep documents open need to hear: `appended` (`grownLogs`) for logs that grow, `access`
 * (`accessNews`) for whoever may have lost or won access, and a beat each second. It tells from now on, and ends when
 * news may be missing: its reader connects again, reads what it missed from the logs, and asks for everybody's access.
 * @throws Problem `unavailable` while there is no news to be had
 */
export function streamRoomNews(ctx: Context, request: Request, response: Response): void {
  if (!ctx.appended.up() || !ctx.feed.live()) throw new Problem('unavailable', 'The database cannot be listened to.')
  const end = (): void => stream.close()
  const access = (news: AccessNews): void => stream.send('access', news)
  const ends = [
    ctx.appended.subscribe({
      message(payload) {
        const grown = readAnnouncement(payload)
        if (!grown) return end()
        stream.send('appended', grown)
      },
      state: end,
    }),
    ctx.feed.subscribe(null, {
      change({ type, subject: { id, projectId, below } }) {
        if (type === 'document.deleted') access(id === undefined ? {} : { id })
        else if (type === 'access.changed') access(id === undefined || below ? { projectId } : { id })
      },
      lost: end,
    }),
    ctx.memberships.watch(access),
    ctx.linkEnds.watch((ids) => {
      for (const id of ids) access({ id })
    }),
  ]
  const stream = openEvents(request, response, {
    heartbeatMs: 1_000,
    onClose: () => {
      for (const stop of ends) stop()
      ctx.draining.removeEventListener('abort', end)
    },
  })
  ctx.draining.addEventListener('abort', end)
}

import { Problem } from '@realtime/contracts'
import { openEvents } from '@realtime/kit'
import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Context } from './context.ts'

const appended = z.object({ id: z.string(), seq: z.number() })

/**
 * Streams `appended` {id, seq} for each log that grows, with a beat each second. Ends when news may be missing: its
 * reader connects again and reads what it missed from the logs.
 * @throws Problem `unavailable` while the database cannot be listened to
 */
export function streamRoomNews(ctx: Context, request: Request, response: Response): void {
  if (!ctx.appended.up()) throw new Problem('unavailable', 'The database cannot be listened to.')
  const end = (): void => stream.close()
  const unsubscribe = ctx.appended.subscribe({
    message: (payload) => stream.send('appended', appended.parse(JSON.parse(payload))),
    state: end,
  })
  const stream = openEvents(request, response, {
    heartbeatMs: 1_000,
    onClose: () => {
      unsubscribe()
      ctx.draining.removeEventListener('abort', end)
    },
  })
  ctx.draining.addEventListener('abort', end)
}

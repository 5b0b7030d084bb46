import type { Request, Response } from 'express'

/** An open stream of server-sent events (WHATWG HTML, section 9.2). */
export interface EventStream {
  send(event: string, data: unknown): void
  close(): void
}

/** Opens a stream of server-sent events with a comment as heartbeat every `heartbeatMs`; `onClose` when either side ends it. */
export function openEvents(
  request: Request,
  response: Response,
  options: { heartbeatMs?: number; onClose(): void },
): EventStream {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  response.write(': open\n\n')
  const beat = setInterval(() => response.write(': beat\n\n'), options.heartbeatMs ?? 15_000)
  response.once('close', () => {
    clearInterval(beat)
    options.onClose()
  })
  request.socket.setKeepAlive(true)
  return {
    send: (event, data) => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    close: () => void response.end(),
  }
}

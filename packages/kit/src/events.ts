import { createParser } from 'eventsource-parser'
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
  // A stream that was ended may take a while to close: writing to it then would be an uncaught error.
  const write = (text: string): void => {
    if (!response.writableEnded) response.write(text)
  }
  const beat = setInterval(() => write(': beat\n\n'), options.heartbeatMs ?? 15_000)
  const closed = (): void => {
    clearInterval(beat)
    options.onClose()
  }
  // Whoever left while they were being admitted has closed already, and tells it no more.
  if (response.destroyed) process.nextTick(closed)
  else response.once('close', closed)
  request.socket.setKeepAlive(true)
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    close: () => void response.end(),
  }
}

/** Reads the server-sent events of an answer until its stream ends. Comments come as events named `comment`. */
export async function* readEvents(
  response: globalThis.Response,
): AsyncGenerator<{ event: string; data: string }, void, undefined> {
  const queue: { event: string; data: string }[] = []
  const parser = createParser({
    onEvent: (message) => void queue.push({ event: message.event ?? 'message', data: message.data }),
    onComment: (comment) => void queue.push({ event: 'comment', data: comment }),
  })
  if (!response.body) return
  const decoder = new TextDecoder()
  for await (const bytes of response.body) {
    parser.feed(decoder.decode(bytes, { stream: true }))
    yield* queue.splice(0)
  }
}

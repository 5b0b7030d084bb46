import { type Actor, MOST_GROUP_BYTES, Problem, toProblem } from '@realtime/contracts'
import { goneSignal, requestId } from '@realtime/kit'
import type { Request, Response } from 'express'
import { appendResults, lines } from './append-group.ts'
import type { Context } from './context.ts'

/** Bytes before each group that tell its length, big-endian. */
const HEAD = 4

/**
 * Commits groups of appends one after the other over one request, each as `appendResults` does; they do not wait for one
 * another. A group that is none ends the stream with a line that has its problem and no index. It ends by itself when
 * the service drains: what was taken is answered, and what was not has to be sent again.
 */
export function streamAppends(ctx: Context, writer: Actor, request: Request, response: Response): void {
  const signal = goneSignal(response)
  let count = 0
  let open = 0
  let over = false
  const end = (): void => {
    over = true
    if (open === 0) response.end()
  }
  const take = async (group: number, body: Uint8Array): Promise<void> => {
    open++
    try {
      for await (const results of appendResults(ctx, writer, { body, signal })) {
        if (!response.destroyed) response.write(lines(results.map((result) => ({ group, ...result }))))
      }
    } catch (error) {
      if (!response.destroyed) response.write(lines([{ group, problem: toProblem(error).toJson(requestId() ?? '') }]))
      over = true
    }
    open--
    if (over && open === 0) response.end()
  }
  response.status(200).set({ 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' }).flushHeaders()
  const groups = groupsOf((body) => void take(count++, body))
  request.on('data', (chunk: Buffer) => {
    try {
      if (!over) groups(chunk)
    } catch (error) {
      response.write(lines([{ group: count, problem: toProblem(error).toJson(requestId() ?? '') }]))
      end()
    }
  })
  request.once('end', end)
  request.once('error', end)
  ctx.draining.addEventListener('abort', end)
  response.once('close', () => ctx.draining.removeEventListener('abort', end))
  if (ctx.draining.aborted) end()
}

/** Puts groups together again from however the network cut them. @throws Problem `payload-too-large` */
function groupsOf(take: (body: Uint8Array) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let length = 0
  return (chunk) => {
    parts.push(chunk)
    length += chunk.length
    for (;;) {
      const [first] = parts
      if (!first || length < HEAD) return
      const head = first.length < HEAD ? Buffer.concat(parts) : first
      const size = head.readUInt32BE(0)
      if (size > MOST_GROUP_BYTES) throw new Problem('payload-too-large', 'The group is too large.')
      if (length < HEAD + size) return
      const whole = parts.length === 1 ? first : Buffer.concat(parts)
      take(whole.subarray(HEAD, HEAD + size))
      const rest = whole.subarray(HEAD + size)
      parts = rest.length > 0 ? [rest] : []
      length = rest.length
    }
  }
}

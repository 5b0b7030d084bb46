import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** A block of the surrounding document, as plain text. */
export const aiBlock = z.strictObject({
  id: z.string().max(64).optional(),
  type: z.string().max(40),
  text: z.string().max(20_000),
})

export const generateRequest = z.strictObject({
  prompt: z.string().trim().min(1).max(8000),
  document: z
    .strictObject({
      title: z.string().max(300).optional(),
      blocks: z.array(aiBlock).max(200).optional(),
      /** Index of the block where the result goes. */
      cursor: z.number().int().min(0).optional(),
    })
    .optional(),
})

/** Events of a generation: `delta` {text}, then `done` {finish, usage}, or `problem` (problem JSON). */
export const aiApi = {
  status: endpoint({
    method: 'GET',
    path: '/ai/status',
    summary: 'Whether AI is switched on, and if not, why',
    access: 'user',
    response: z.object({ available: z.boolean(), reason: z.string().nullable(), model: z.string().nullable() }),
  }),
  generate: endpoint({
    method: 'POST',
    path: '/ai/generate',
    summary: 'Stream a completion for a prompt with surrounding blocks as context (server-sent events)',
    access: 'user',
    body: generateRequest,
    maxBody: 1024 * 1024,
    response: 'events',
  }),
}

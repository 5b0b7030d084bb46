import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** A block of the surrounding document, as plain text. */
export const aiBlock = z.strictObject({
  id: z.string().max(64).optional(),
  type: z.string().max(40),
  text: z.string().max(20_000),
})

/** The text of all blocks together, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 100_000

/** What `ai/schemas.py` accepts and refuses as well: `examples/ai` holds both to it. */
export const generateRequest = z.strictObject({
  prompt: z.string().trim().min(1).max(8000),
  document: z
    .strictObject({
      title: z.string().max(300).optional(),
      blocks: z.array(aiBlock).max(200).optional(),
      /** Index of the block where the result goes; the number of blocks is the end. */
      cursor: z.number().int().min(0).optional(),
    })
    .refine(({ blocks, cursor }) => (cursor ?? 0) <= (blocks?.length ?? 0), 'cursor is beyond the end of blocks')
    .refine(
      ({ blocks }) => bytesOf(blocks?.map((block) => block.text) ?? []) <= MAX_TEXT_BYTES,
      `the text of all blocks must have at most ${MAX_TEXT_BYTES} bytes`,
    )
    .optional(),
})

function bytesOf(texts: string[]): number {
  const encoder = new TextEncoder()
  return texts.reduce((sum, text) => sum + encoder.encode(text).length, 0)
}

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

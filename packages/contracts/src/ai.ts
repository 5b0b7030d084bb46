import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'

/** A block of the document around the place, as plain text. */
export const aiBlock = z.strictObject({
  type: z.string().max(40),
  text: z.string().max(20_000),
})
export type AiBlock = z.infer<typeof aiBlock>

/**
 * What is wanted: `write` something new and `instruct` (do what the prompt says with the selection) follow a prompt; `continue` goes on
 * after what stands before; `summarise` takes the selection, or all blocks without one; the others work on a selection.
 */
export const aiAction = z.enum(['write', 'instruct', 'continue', 'improve', 'shorten', 'summarise', 'translate'])
export type AiAction = z.infer<typeof aiAction>

/** The text of a request together, in bytes of UTF-8. */
export const AI_TEXT_BYTES = 100_000

const onSelection: AiAction[] = ['instruct', 'improve', 'shorten', 'translate']
const onPrompt: AiAction[] = ['write', 'instruct']

/** What `ai/schemas.py` accepts and refuses as well: `examples/ai` holds both to it. */
export const generateRequest = z
  .strictObject({
    /** The resource that is worked in: who asks must be able to write in it, and its organization is charged. */
    documentId: id,
    action: aiAction,
    /** What to write or to do; with a draft, what to change in it. */
    prompt: z.string().trim().min(1).max(8_000).optional(),
    /** The language to translate into, by its English name. */
    language: z.string().trim().min(1).max(60).optional(),
    /** The selected blocks, as Markdown. */
    selection: z.string().max(60_000).optional(),
    /** Blocks before and after the selection or the caret, in the order of the document. */
    before: z.array(aiBlock).max(200).optional(),
    after: z.array(aiBlock).max(200).optional(),
    /** An earlier answer to this request that the prompt asks to change. */
    draft: z.string().min(1).max(60_000).optional(),
  })
  .refine(({ action, selection }) => !onSelection.includes(action) || Boolean(selection?.trim()), {
    path: ['selection'],
    error: 'is needed for this action',
  })
  .refine(({ action, prompt, draft }) => prompt || !(draft || onPrompt.includes(action)), {
    path: ['prompt'],
    error: 'is needed for this action',
  })
  .refine(({ action, language }) => (action === 'translate') === (language !== undefined), {
    path: ['language'],
    error: 'belongs to translate, which needs it',
  })
  .refine((request) => bytesOf(textsOf(request)) <= AI_TEXT_BYTES, {
    error: `the text of the request must have at most ${AI_TEXT_BYTES} bytes`,
  })
export type GenerateRequest = z.input<typeof generateRequest>

function textsOf(request: { selection?: string; draft?: string; before?: AiBlock[]; after?: AiBlock[] }): string[] {
  const blocks = [...(request.before ?? []), ...(request.after ?? [])]
  return [request.selection ?? '', request.draft ?? '', ...blocks.map((block) => block.text)]
}

function bytesOf(texts: string[]): number {
  const encoder = new TextEncoder()
  return texts.reduce((sum, text) => sum + encoder.encode(text).length, 0)
}

/** A piece of the answer, which is Markdown. */
export const aiDelta = z.object({ text: z.string() })

/**
 * Why an answer ends. `stop` is complete; `length` was cut at the limit of one answer; `empty` has no text; `other` is
 * anything else; the rest are filters of the model's maker. Only `stop` is whole; the text so far stands in each case.
 */
export const aiFinish = z.enum([
  'stop',
  'length',
  'empty',
  'safety',
  'recitation',
  'blocklist',
  'prohibited-content',
  'blocked',
  'other',
])
export type AiFinish = z.infer<typeof aiFinish>

/** The end of an answer, with the tokens it took. */
export const aiDone = z.object({
  finish: aiFinish,
  usage: z.object({ input: z.number().int(), output: z.number().int() }),
})

/** Events of a generation: `delta` (aiDelta), then `done` (aiDone), or `problem` (problem JSON). */
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
    summary:
      'Stream an answer as Markdown (server-sent events) to whoever may read the document. It counts as one AI credit of the organization once its first text comes; used up is `plan-limit`',
    access: 'user',
    body: generateRequest,
    maxBody: 1024 * 1024,
    response: 'events',
  }),
}

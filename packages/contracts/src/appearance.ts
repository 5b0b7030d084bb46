import { z } from 'zod'
import { line } from './text.ts'

/** What stands before a name: an emoji. */
export const icon = line().min(1).max(16)

/** What stands above a page: a colour of ours, or an image that is stored with the document. */
export const cover = z.union([
  z.strictObject({
    type: z.literal('color'),
    color: z.enum(['slate', 'red', 'amber', 'green', 'teal', 'blue', 'violet', 'pink']),
  }),
  z.strictObject({
    type: z.literal('file'),
    file: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the id of a file'),
  }),
])
export type Cover = z.infer<typeof cover>

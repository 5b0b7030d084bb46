import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** One row of an owner's `changes` table: what changed, in the order of its `cursor`. */
export const change = z.object({
  cursor: z.number().int(),
  /** For instance `membership.changed`, `document.deleted`, `session.revoked`. */
  type: z.string(),
  subject: z.record(z.string(), z.string()),
  at: z.string(),
})
export type Change = z.infer<typeof change>

/** The cursor endpoint each owner has on its internal port: rows after `after`, oldest first. */
export const changesEndpoint = endpoint({
  method: 'GET',
  path: '/internal/changes',
  summary: 'Changes after a cursor, oldest first; waits up to `wait` seconds for one to come',
  access: 'service',
  query: z.object({
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(1000).default(500),
    wait: z.coerce.number().int().min(0).max(25).default(0),
  }),
  response: z.object({ changes: z.array(change), cursor: z.number().int() }),
})

import { type LogFrame, Problem } from '@realtime/contracts'
import type { Context } from './context.ts'

/** The part of a log that was asked for, with where the whole log stands. */
export interface Loaded {
  epoch: string
  /** The seq of the newest row. */
  seq: number
  frames: LogFrame[]
}

/**
 * The log after `after`; from the start (0) the newest snapshot stands for the rows up to its seq. One statement, so
 * that all of it is of one moment.
 * @throws Problem `not-found`, `epoch-changed` (with `epoch`) when `epoch` is given and another
 */
export async function load(ctx: Context, input: { id: string; after: number; epoch?: string }): Promise<Loaded> {
  const { rows } = await ctx.pool.query<LogRow>({ name: 'load', text: LOAD, values: [input.id, input.after] })
  const head = rows[0]
  if (!head) throw new Problem('not-found')
  if (input.epoch !== undefined && input.epoch !== head.epoch) {
    throw new Problem('epoch-changed', undefined, { extra: { epoch: head.epoch } })
  }
  const frames: LogFrame[] = []
  for (const { seq, principal, origin, bytes } of rows) {
    if (seq !== null && bytes) frames.push({ seq: Number(seq), principal, origin, update: bytes })
  }
  return { epoch: head.epoch, seq: Number(head.head), frames }
}

interface LogRow {
  epoch: string
  head: string
  seq: string | null
  principal: string
  origin: string
  bytes: Buffer | null
}

const LOAD = `
WITH r AS (SELECT id, epoch, seq FROM resources WHERE id = $1 AND trashed_at IS NULL),
s AS (
  SELECT s.seq, s.bytes FROM snapshots s JOIN r ON s.resource_id = r.id AND s.epoch = r.epoch
  WHERE $2::bigint = 0 ORDER BY s.seq DESC LIMIT 1
)
SELECT r.epoch, r.seq AS head, l.seq, l.principal, l.origin, l.bytes FROM r LEFT JOIN LATERAL (
  SELECT s.seq, '' AS principal, 'snapshot' AS origin, s.bytes FROM s
  UNION ALL
  SELECT u.seq, u.principal, u.origin, u.bytes FROM updates u
  WHERE u.resource_id = r.id AND u.epoch = r.epoch AND u.seq > GREATEST($2::bigint, (SELECT s.seq FROM s))
) l ON true ORDER BY l.seq`

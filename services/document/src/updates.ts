import { type Actor, type AppendFrame, type LogFrame, Problem } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import { ownerOfClientIds } from './frames.ts'

export interface AppendInput {
  id: string
  epoch: string
  /** At least one. */
  frames: AppendFrame[]
}

/**
 * Commits updates to a resource's log: the only way in, for whoever writes. Answers when PostgreSQL has them durable.
 * `writer` is the service that commits.
 * @throws Problem `not-found`, `epoch-changed` (with `epoch`), `foreign-client-id` (with `frame`: nothing was written)
 */
export async function append(
  ctx: Context,
  writer: Actor,
  { id, epoch, frames }: AppendInput,
): Promise<{ firstSeq: number; lastSeq: number }> {
  if (frames.length === 0) throw new Problem('invalid-input', 'body: no frames')
  const values = appendValues(writer, id, epoch, frames)
  const { rows } = await ctx.pool.query<Appended>({ name: 'append', text: APPEND, values }).catch(refused)
  const row = rows[0]
  if (!row || row.outcome === 'missing') throw new Problem('not-found')
  if (row.outcome === 'epoch') throw new Problem('epoch-changed', undefined, { extra: { epoch: row.current_epoch } })
  const lastSeq = Number(row.last_seq)
  ctx.announcer.announce(id, lastSeq)
  return { firstSeq: lastSeq - frames.length + 1, lastSeq }
}

/**
 * Appends one update inside of a transaction that has more to do, by the same function of the database; answers its
 * seq. Whoever calls it announces it after the commit.
 */
export async function appendWithin(
  tx: Prisma.TransactionClient,
  { id, epoch }: { id: string; epoch: string },
  frame: AppendFrame,
): Promise<number> {
  const owner = ownerOfClientIds({ type: 'service', name: 'document' }, frame)
  const { principal, origin, update, clientIds } = frame
  const rows = await tx.$queryRaw<{ outcome: string; last_seq: bigint }[]>`
    SELECT outcome, last_seq FROM append_updates(${id}, ${epoch}, ARRAY[${principal}], ARRAY[${origin}],
      ARRAY[${update}]::bytea[], ${clientIds}::bigint[], ARRAY[${owner}], ARRAY[0])`
  const [row] = rows
  if (row?.outcome !== 'ok') throw new Error(`the log of ${id} takes nothing`)
  return Number(row.last_seq)
}

interface Appended {
  outcome: 'ok' | 'missing' | 'epoch'
  last_seq: string | null
  current_epoch: string | null
}

const APPEND = 'SELECT * FROM append_updates($1, $2, $3, $4, $5, $6, $7, $8)'

/** SQLSTATE of `append_updates` for a client id of somebody else. */
const FOREIGN = 'RC403'

function appendValues(writer: Actor, id: string, epoch: string, frames: AppendFrame[]): unknown[] {
  const clientIds: number[] = []
  const owners: string[] = []
  const indexes: number[] = []
  frames.forEach((frame, index) => {
    const owner = ownerOfClientIds(writer, frame)
    for (const clientId of frame.clientIds) {
      clientIds.push(clientId)
      owners.push(owner)
      indexes.push(index)
    }
  })
  const principals = frames.map((frame) => frame.principal)
  const origins = frames.map((frame) => frame.origin)
  const updates = frames.map((frame) => frame.update)
  return [id, epoch, principals, origins, updates, clientIds, owners, indexes]
}

function refused(error: unknown): never {
  const { code, detail } = error as { code?: unknown; detail?: unknown }
  if (code === FOREIGN) throw new Problem('foreign-client-id', undefined, { extra: { frame: Number(detail) } })
  throw error
}

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

import { type Actor, type AppendFrame, Problem } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import { ownerOfClientIds } from './frames.ts'

export interface AppendInput {
  id: string
  epoch: string
  /** At least one. */
  frames: AppendFrame[]
}

/** The rows that an append has made. */
export interface Appended {
  firstSeq: number
  lastSeq: number
}

/**
 * Commits updates to a resource's log, waiting for whoever holds it. Answers when PostgreSQL has them durable.
 * `writer` is the service that commits.
 * @throws Problem `not-found`, `epoch-changed` (with `epoch`), `foreign-client-id` (with `frame`: nothing was written)
 */
export async function append(ctx: Context, writer: Actor, { id, epoch, frames }: AppendInput): Promise<Appended> {
  if (frames.length === 0) throw new Problem('invalid-input', 'body: no frames')
  const values = appendValues(writer, id, epoch, frames)
  const { rows } = await ctx.pool.query<Row>({ name: 'append', text: APPEND, values }).catch(refused)
  const row = rows[0]
  if (!row || row.outcome === 'missing') throw new Problem('not-found')
  if (row.outcome === 'epoch') throw epochChanged(row.current_epoch)
  return appended(ctx, id, frames.length, Number(row.last_seq))
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

/** What follows the commit of an append: whoever keeps the resource open hears of it. */
export function appended(ctx: Context, id: string, count: number, lastSeq: number): Appended {
  ctx.announcer.announce(id, lastSeq)
  return { firstSeq: lastSeq - count + 1, lastSeq }
}

/** The problem of an append to another epoch than the one that holds. */
export function epochChanged(epoch: string | null): Problem {
  return new Problem('epoch-changed', undefined, { extra: { epoch } })
}

/** The problem of an append whose frame `frame` writes under a client id of somebody else. */
export function foreignClientId(frame: number): Problem {
  return new Problem('foreign-client-id', undefined, { extra: { frame } })
}

interface Row {
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
  if (code === FOREIGN) throw foreignClientId(Number(detail))
  throw error
}

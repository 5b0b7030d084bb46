import { type LogFrame, Problem } from '@realtime/contracts'
import type { Context } from './context.ts'
import { unpack } from './keeping.ts'
import { snapshotOf } from './snapshots.ts'
import { LogTrouble } from './troubles.ts'

/** The part of a log that was asked for, with where the whole log stands. */
export interface Loaded {
  epoch: string
  /** The seq of the newest row. */
  seq: number
  frames: LogFrame[]
}

/**
 * As much is read in one go; more would hold up the service. A log with more after its newest snapshot is folded first.
 */
const MOST = { rows: 2_000, bytes: 4_000_000 }

/** How often a log is folded because it grew too long again meanwhile. */
const TRIES = 5

/**
 * The log after `after`. From the start (0), or where rows are gone or are too many, the newest snapshot stands for all
 * rows up to its seq. One statement, so that all of it is of one moment.
 * @throws Problem `not-found`, `epoch-changed` (with `epoch`) when `epoch` is given and another, `internal` when the
 * log is not whole: never less than there should be
 */
export async function load(ctx: Context, input: { id: string; after: number; epoch?: string }): Promise<Loaded> {
  const { id, epoch } = input
  let { after } = input
  for (let attempt = 1; ; attempt++) {
    const found = await read(ctx, id, after)
    if (epoch !== undefined && epoch !== found.epoch) {
      throw new Problem('epoch-changed', undefined, { extra: { epoch: found.epoch } })
    }
    const { frames, seq } = found
    if ((frames.at(-1)?.seq ?? after) >= seq) {
      if (frames.length >= ctx.compaction.pace.rows) ctx.compaction.look(id)
      return found
    }
    if (attempt === TRIES) throw new Problem('unavailable', 'The document grows too quickly to be read; try again.')
    try {
      await ctx.compaction.fold(id)
    } catch (error) {
      // The rows are sound, only no snapshot of them could be stored: slower, but nobody is kept out.
      const sound =
        error instanceof Problem && error.cause instanceof LogTrouble && error.cause.reason === 'verification'
      if (!sound) throw error
      return inPieces(ctx, id, found)
    }
    after = 0
  }
}

/** The rest of a log after its first piece. */
async function inPieces(ctx: Context, id: string, first: Loaded): Promise<Loaded> {
  const frames = [...first.frames]
  for (let last = frames.at(-1)?.seq ?? 0; last < first.seq; ) {
    const piece = await read(ctx, id, last)
    if (piece.epoch !== first.epoch) throw new Problem('epoch-changed', undefined, { extra: { epoch: piece.epoch } })
    const next = piece.frames.find((frame) => frame.seq > last)
    if (!next) throw new Problem('internal', undefined, { cause: new Error(`the log of ${id} ends at row ${last}`) })
    for (const frame of piece.frames) frames.push(frame)
    last = frames.at(-1)?.seq ?? last
  }
  return { ...first, seq: frames.at(-1)?.seq ?? first.seq, frames }
}

/** What one go reads: the last frame is not the log's last row when there is more. */
async function read(ctx: Context, id: string, after: number): Promise<Loaded> {
  const values = [id, after, MOST.rows, MOST.bytes]
  const { rows } = await ctx.pool.query<LogRow>({ name: 'load', text: LOAD, values })
  const head = rows[0]
  if (!head) throw new Problem('not-found')
  const { epoch } = head
  try {
    const frames: LogFrame[] = []
    for (const row of rows) if (row.seq !== null) frames.push(await frameOf(row as LogRow & { seq: string }))
    checkWhole(frames, after, Number(head.compacted))
    return { epoch, seq: Number(head.head), frames }
  } catch (cause) {
    if (!(cause instanceof LogTrouble)) throw cause
    await ctx.troubles.report({ id, epoch }, cause)
    throw new Problem('internal', undefined, { cause })
  }
}

async function frameOf({ seq, principal, origin, bytes, digest }: LogRow & { seq: string }): Promise<LogFrame> {
  if (!digest) return { seq: Number(seq), principal, origin, update: bytes }
  const update = await unpack(snapshotOf({ seq, bytes, digest }).packed)
  return { seq: Number(seq), principal, origin, update }
}

/** @throws LogTrouble when a row is missing, or the snapshot for those that are gone */
function checkWhole(frames: LogFrame[], after: number, compactedSeq: number): void {
  const [first] = frames
  if (after < compactedSeq && first?.origin !== 'snapshot') {
    throw new LogTrouble('snapshot', `there is no snapshot of row ${compactedSeq}`)
  }
  let last = first?.seq ?? 0
  for (const { seq } of frames.slice(1)) {
    if (seq !== last + 1) throw new LogTrouble('unreadable', `after row ${last} comes row ${seq}`)
    last = seq
  }
}

interface LogRow {
  epoch: string
  head: string
  compacted: string
  seq: string | null
  principal: string
  origin: string
  bytes: Buffer
  /** Of a snapshot only. */
  digest: Buffer | null
}

const LOAD = `
WITH r AS (SELECT id, epoch, seq, compacted_seq FROM resources WHERE id = $1 AND trashed_at IS NULL),
s AS (
  SELECT s.seq, s.bytes, s.digest FROM snapshots s JOIN r ON s.resource_id = r.id AND s.epoch = r.epoch
  WHERE $2::bigint = 0 OR $2::bigint < r.compacted_seq ORDER BY s.seq DESC LIMIT 1
)
SELECT r.epoch, r.seq AS head, r.compacted_seq AS compacted, l.seq, l.principal, l.origin, l.bytes, l.digest
FROM r LEFT JOIN LATERAL (
  SELECT s.seq, '' AS principal, 'snapshot' AS origin, s.bytes, s.digest FROM s
  UNION ALL
  SELECT seq, principal, origin, bytes, NULL FROM (
    SELECT *, sum(octet_length(bytes)) OVER (ORDER BY seq) - octet_length(bytes) AS before FROM (
      SELECT u.seq, u.principal, u.origin, u.bytes FROM updates u
      WHERE u.resource_id = r.id AND u.epoch = r.epoch AND u.seq > GREATEST($2::bigint, (SELECT s.seq FROM s))
      ORDER BY u.seq LIMIT $3
    ) rows
  ) summed WHERE before < $4
) l ON true ORDER BY l.seq`

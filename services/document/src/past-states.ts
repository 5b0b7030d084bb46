import type { Context } from './context.ts'
import { unpack } from './keeping.ts'
import { readSnapshot } from './snapshots.ts'
import { concat, type Joined, join } from './thread.ts'

/** Rows that are read in one go: reading a long log must not hold up the service. */
const MOST_ROWS = 1_000

interface At {
  id: string
  epoch: string
  seq: number
}

/** The state at a row of a log. @throws Error as `updatesTo` */
export async function stateAt(
  ctx: Context,
  at: At,
  known?: { seq: number; bytes: Uint8Array } | null,
): Promise<Uint8Array> {
  return ctx.past.fold(await updatesTo(ctx, at, known))
}

/**
 * What leads to the state at a row of a log: that of the newest snapshot before it, or of `known` when that is newer,
 * and the rows after it.
 * @throws Error when rows that it needs are gone
 */
export async function updatesTo(
  ctx: Pick<Context, 'pool'>,
  { id, epoch, seq }: At,
  known?: { seq: number; bytes: Uint8Array } | null,
): Promise<Joined> {
  const snapshot = await readSnapshot(ctx.pool, { id, epoch, upTo: seq })
  const newer = known && known.seq >= (snapshot?.seq ?? 0) ? known : null
  const base = newer ?? (snapshot && { seq: snapshot.seq, bytes: await unpack(snapshot.packed) })
  const parts: Joined[] = base ? [join([base.bytes])] : []
  let last = base?.seq ?? null
  while (last === null || last < seq) {
    const { rows } = await ctx.pool.query<{ seq: string; bytes: Buffer }>(ROWS, [id, epoch, last ?? 0, seq, MOST_ROWS])
    for (const row of rows) {
      // Compacted between the look at the snapshot and that at the rows.
      if (last !== null && Number(row.seq) !== last + 1) throw new Error(`rows after ${last} are gone`)
      last = Number(row.seq)
    }
    if (rows.length === 0) throw new Error(`row ${seq} is gone`)
    parts.push(join(rows.map((row) => row.bytes)))
  }
  return concat(parts)
}

const ROWS = `
SELECT seq, bytes FROM updates WHERE resource_id = $1 AND epoch = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5`

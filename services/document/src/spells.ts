import { kind } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Prisma, Resource, Version } from './database/client.ts'
import { KEEPING, keepVersion, pack, unpack } from './keeping.ts'
import { stateAt } from './past-states.ts'
import { Overdue, Stopped } from './thread.ts'

/** When a spell of editing is over: after a time without an edit, and at the latest after so much of it. */
export interface Spell {
  idleMs: number
  longestMs: number
}

const SPELL: Spell = { idleMs: 5 * 60_000, longestMs: 30 * 60_000 }

/** How many resources are looked at in one go. */
const MOST_DUE = 200

/**
 * Keeps an automatic version for the end of each spell of editing. The log alone decides where spells end, so it does
 * not matter when this runs, how often, or in how many processes: a restart misses nothing, and two find the same.
 */
export async function keepSpells(ctx: Context, signal: AbortSignal, spell = SPELL, most = MOST_DUE): Promise<void> {
  const { rows } = await ctx.pool.query<{ id: string }>(DUE, [spell.idleMs, spell.longestMs, most])
  for (const { id } of rows) {
    try {
      while (!signal.aborted && (await keepSpell(ctx, id, spell)));
      // Rows that history is through with may go.
      ctx.compaction.look(id)
    } catch (error) {
      if (!signal.aborted) ctx.log.warn({ err: error, document: id }, 'a version could not be kept')
    }
    if (signal.aborted) return
  }
}

/** Resources whose rows after `history_seq` hold a spell that is over. By chance: what fails again and again holds up none. */
const DUE = `
SELECT r.id FROM resources r
CROSS JOIN LATERAL (SELECT u.at FROM updates u WHERE u.resource_id = r.id AND u.seq > r.history_seq
  ORDER BY u.seq LIMIT 1) first
CROSS JOIN LATERAL (SELECT u.at FROM updates u WHERE u.resource_id = r.id ORDER BY u.seq DESC LIMIT 1) last
WHERE r.seq > r.history_seq AND r.trashed_at IS NULL AND (
  last.at <= clock_timestamp() - $1 * interval '1 ms' OR first.at <= clock_timestamp() - $2 * interval '1 ms')
ORDER BY random() LIMIT $3`

/** Decides about the next spell of a resource; whether there was one. */
async function keepSpell(ctx: Context, id: string, spell: Spell): Promise<boolean> {
  const resource = await ctx.db.resource.findUnique({ where: { id } })
  if (!resource || resource.seq <= resource.historySeq) return false
  const { epoch } = resource
  const values = [id, epoch, resource.historySeq, spell.idleMs, spell.longestMs]
  const { rows } = await ctx.pool.query<End>(END, values)
  const [end] = rows
  // Rows of a state that was replaced are nobody's to go back to.
  if (!end) return advance(ctx, resource, resource.seq)
  if (!end.over) return false
  const seq = Number(end.seq)
  const previous = await ctx.db.version.findFirst({
    where: { resourceId: id, epoch, seq: { lte: seq } },
    orderBy: [{ seq: 'desc' }, { at: 'desc' }],
  })
  if (!end.edited || previous?.seq === BigInt(seq)) return advance(ctx, resource, BigInt(seq))
  const state = await stateAt(ctx, { id, epoch, seq }).catch(unlessOverdue)
  // What takes a minute to work out is worked out once: this spell has no version, and the next is looked at.
  if (!state) {
    ctx.log.warn({ document: id, seq }, 'a spell of editing has no version: its state takes too long')
    return advance(ctx, resource, BigInt(seq))
  }
  // An edit and its undo are no version.
  if (previous && !(await differs(ctx, resource, previous, state))) return advance(ctx, resource, BigInt(seq))
  const bytes = await pack(state)
  const keep = async (tx: Prisma.TransactionClient): Promise<boolean> => {
    // Whoever gets past this keeps the version; another process that came to it at the same time does not.
    const decided = { historySeq: BigInt(seq) }
    const { count } = await tx.resource.updateMany({ where: { id, historySeq: resource.historySeq }, data: decided })
    if (count > 0) await keepVersion(tx, { resource, epoch, seq, reason: 'automatic', at: end.at, bytes })
    return count > 0
  }
  return ctx.db.$transaction(keep, KEEPING)
}

function unlessOverdue(error: unknown): null {
  if (error instanceof Overdue) return null
  throw error
}

/** Whether the content is another than in a version; when it cannot be told, it may be. */
async function differs(ctx: Context, resource: Resource, version: Version, state: Uint8Array): Promise<boolean> {
  try {
    const past = await unpack(version.bytes)
    return (await ctx.past.revert({ kind: kind.parse(resource.kind), state, past })) !== null
  } catch (error) {
    if (error instanceof Stopped) throw error
    ctx.log.warn({ err: error, document: resource.id, version: version.id }, 'a version cannot be compared')
    return true
  }
}

interface End {
  seq: string
  at: Date
  /** False: the spell goes on. */
  over: boolean
  /** Whether anybody edited, or only the first content was written. */
  edited: boolean
}

/**
 * The last row of the first spell after a seq: the next row is late, or too far from the first. The newest row when
 * there is no such end.
 */
const END = `
WITH rows AS (
  SELECT seq, at, origin, first_value(at) OVER w AS first,
    coalesce(lead(at) OVER w, clock_timestamp()) AS next, bool_or(origin <> 'create') OVER w AS edited
  FROM updates WHERE resource_id = $1 AND epoch = $2 AND seq > $3 WINDOW w AS (ORDER BY seq)
), ends AS (
  SELECT *, next - at >= $4 * interval '1 ms' OR next - first >= $5 * interval '1 ms' AS over FROM rows
)
SELECT seq, at, over, edited FROM ends ORDER BY over DESC, CASE WHEN over THEN seq END, seq DESC LIMIT 1`

async function advance(ctx: Context, { id, historySeq }: Resource, to: bigint): Promise<boolean> {
  const { count } = await ctx.db.resource.updateMany({ where: { id, historySeq }, data: { historySeq: to } })
  return count > 0
}

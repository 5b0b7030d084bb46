import type { Context } from './context.ts'
import type { State } from './state-cache.ts'

/** After this many rows since the newest snapshot, the next one is written. */
export const FOLD_AFTER_ROWS = 500

/**
 * Stores a state as the newest `fold` snapshot of its log when the rows since the last have become many: in the
 * background, one at a time for a resource. Older folds go, since the log itself is kept.
 */
export function storeFold(ctx: Context, state: State): void {
  const { id, epoch, seq, bytes } = state
  if (seq - state.snapshotSeq <= FOLD_AFTER_ROWS || ctx.states.writing.has(id)) return
  const write = async (): Promise<void> => {
    try {
      await ctx.pool.query(STORE, [id, epoch, seq, bytes])
      state.snapshotSeq = seq
    } catch (error) {
      ctx.log.warn({ err: error, document: id }, 'a snapshot could not be stored')
    } finally {
      ctx.states.writing.delete(id)
    }
  }
  ctx.states.writing.set(id, write())
}

const STORE = `
WITH stored AS (
  INSERT INTO snapshots (resource_id, epoch, seq, kind, bytes) VALUES ($1, $2, $3, 'fold', $4) ON CONFLICT DO NOTHING
)
DELETE FROM snapshots WHERE resource_id = $1 AND epoch = $2 AND kind = 'fold' AND seq < $3`

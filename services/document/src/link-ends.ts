import type { Log } from '@realtime/kit'
import type pg from 'pg'

/** How often it is looked which links have come to their end, in milliseconds. */
const LOOK_MS = 500

/** Tells of links that come to the end of their time: nothing in the tables changes then. */
export interface LinkEnds {
  /** Calls `onEnd` with the documents whose links have just ended; the answer ends it. */
  watch(onEnd: (documentIds: string[]) => void): () => void
  stop(): void
}

/** Looks by the clock of the database while anybody watches. */
export function linkEnds({ pool, log }: { pool: pg.Pool; log: Log }): LinkEnds {
  const watchers = new Set<(documentIds: string[]) => void>()
  let since: string | null = null
  let looking = false
  const look = async (): Promise<void> => {
    if (looking || watchers.size === 0) return
    looking = true
    try {
      const { rows } = await pool.query<{ at: string; ended: string[] }>({
        name: 'link-ends',
        text: ENDED,
        values: [since],
      })
      const [row] = rows
      if (!row) return
      since = row.at
      if (row.ended.length > 0) for (const watcher of [...watchers]) watcher(row.ended)
    } catch (error) {
      // What ends meanwhile is found by the next look.
      log.debug({ err: error }, 'ended links cannot be looked for')
    } finally {
      looking = false
    }
  }
  const timer = setInterval(look, LOOK_MS).unref()
  return {
    watch(onEnd) {
      if (watchers.size === 0) since = null
      watchers.add(onEnd)
      return () => void watchers.delete(onEnd)
    },
    stop: () => clearInterval(timer),
  }
}

/** Of the first look, the last seconds: whoever begins to watch asks for everybody's access by themselves. */
const ENDED = `
SELECT now()::text AS at, coalesce(array_agg(DISTINCT resource_id), '{}') AS ended FROM share_links
WHERE expires_at > coalesce($1::timestamptz, now() - interval '5 seconds') AND expires_at <= now() AND revoked_at IS NULL`

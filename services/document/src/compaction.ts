import { Problem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import { compactLog, foldLog, type Tools } from './compacting.ts'
import { LogTrouble } from './troubles.ts'
import { turns } from './turns.ts'

/** When logs are folded and compacted. */
export interface Pace {
  /** A log is folded after so many rows since its last snapshot, and compacted when so many may go. */
  rows: number
  /** Or after so many bytes; the first are only read when it is opened, the second are stored for good. */
  foldBytes: number
  compactBytes: number
  /** How long after a log has grown it is looked at. */
  lookMs: number
  /** How long it rests at least between two folds that nobody waits for. */
  restMs: number
  /** How old the youngest row is that may go. */
  settledMs: number
}

export const PACE: Pace = {
  rows: 500,
  foldBytes: 1_000_000,
  compactBytes: 250_000,
  lookMs: 1_000,
  restMs: 5_000,
  settledMs: 60_000,
}

/** A log that is folded again and again keeps the thread for a tenth of the time at most. */
const REST_PER_FOLD = 10

/** Folds logs into snapshots while they grow, and takes rows out of them that history is through with. */
export interface Compaction {
  readonly pace: Pace
  /** Looks soon whether a log has grown long, or history has come further. */
  look(id: string): void
  /**
   * Folds a log now, until its newest snapshot is near its end.
   * @throws Problem `internal` when it cannot be folded
   */
  fold(id: string): Promise<void>
  /** Takes out of a log what history is through with; whether there was anything. */
  compact(id: string): Promise<boolean>
  /** Looks at all logs: for those that grew while nobody looked. */
  find(signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/** One log at a time. Several processes do not come into each other's way: each log is one's at a time. */
export function compaction(options: Tools & { log: Log }, pace = PACE): Compaction {
  const { pool, log } = options
  const grown = new Set<string>()
  const rests = new Map<string, number>()
  const asked = new Map<string, Promise<void>>()
  const turn = turns()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  const foldAll = async (id: string, wait: boolean): Promise<void> => {
    const began = performance.now()
    while (!stopping.signal.aborted && (await turn(() => foldLog(options, id, wait)))?.more);
    const now = performance.now()
    rests.set(id, now + Math.max(pace.restMs, REST_PER_FOLD * (now - began)))
  }
  const compact = async (id: string): Promise<boolean> => {
    let done = null
    do done = (await turn(() => compactLog(options, id, pace.settledMs))) ?? done
    while (done?.more && !stopping.signal.aborted)
    return done !== null
  }
  /** Whatever fails concerns one log, and comes to its turn again. */
  const quietly = async (id: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (stopping.signal.aborted || error instanceof LogTrouble) return
      log.warn({ err: error, document: id }, 'a log could not be compacted now')
    }
  }
  const lookAt = async (ids: string[], signal: AbortSignal): Promise<void> => {
    const values = [ids, pace.rows, pace.foldBytes, pace.compactBytes]
    const { rows } = await pool.query<Due>({ name: 'log-due', text: DUE, values })
    for (const { id, foldable, compactable } of rows) {
      if (stopping.signal.aborted || signal.aborted) return
      if (compactable) await quietly(id, () => compact(id))
      if (!foldable) continue
      if ((rests.get(id) ?? 0) > performance.now()) look(id)
      else await quietly(id, () => foldAll(id, false))
    }
    for (const [id, until] of rests) if (until < performance.now()) rests.delete(id)
  }
  const look = (id: string): void => {
    if (stopping.signal.aborted) return
    grown.add(id)
    timer ??= setTimeout(() => {
      looking = looking.then(async () => {
        timer = undefined
        const ids = [...grown]
        grown.clear()
        await lookAt(ids, stopping.signal).catch((error: unknown) => {
          if (!stopping.signal.aborted) log.debug({ err: error }, 'logs could not be looked at')
        })
      })
    }, pace.lookMs).unref()
  }
  return {
    pace,
    look,
    compact,
    fold(id) {
      const known = asked.get(id)
      if (known) return known
      const folding = foldAll(id, true)
        .catch((cause: unknown) => {
          if (cause instanceof LogTrouble) throw new Problem('internal', undefined, { cause })
          throw cause
        })
        .finally(() => asked.delete(id))
      asked.set(id, folding)
      return folding
    },
    async find(signal) {
      await pool.query(FORGET)
      const { rows } = await pool.query<{ id: string }>(GROWN, [pace.rows])
      for (let from = 0; from < rows.length && !signal.aborted; from += AT_ONCE) {
        const ids = rows.slice(from, from + AT_ONCE).map((row) => row.id)
        await lookAt(ids, signal)
      }
    },
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await options.compactor.stop()
      await looking
    },
  }
}

interface Due {
  id: string
  foldable: boolean
  compactable: boolean
}

const AT_ONCE = 100

/** Which of some logs have grown long since their newest snapshot, or have many rows that history is through with. */
const DUE = `
SELECT r.id,
  r.seq - coalesce(s.seq, 0) >= $2 OR (r.seq > coalesce(s.seq, 0) AND (SELECT sum(octet_length(u.bytes)) FROM updates u
    WHERE u.resource_id = r.id AND u.epoch = r.epoch AND u.seq > coalesce(s.seq, 0)) >= $3) AS foldable,
  r.history_seq - r.compacted_seq >= $2 OR (r.history_seq > r.compacted_seq
    AND (SELECT sum(octet_length(u.bytes)) FROM updates u WHERE u.resource_id = r.id AND u.epoch = r.epoch
      AND u.seq > r.compacted_seq AND u.seq <= r.history_seq) >= $4) AS compactable
FROM resources r LEFT JOIN LATERAL (
  SELECT seq FROM snapshots WHERE resource_id = r.id AND epoch = r.epoch ORDER BY seq DESC LIMIT 1
) s ON true WHERE r.id = ANY($1)`

/** Logs with many rows, and those of which some may have been missed lately. */
const GROWN = `
SELECT id FROM resources WHERE seq - compacted_seq >= $1
  OR (seq > compacted_seq AND updated_at > now() - interval '1 day')`

/** What was replaced stays for a week, for whoever finds that it should not have been. */
const FORGET = `
WITH replaced AS (SELECT id, epoch FROM resources WHERE replaced_at < now() - interval '7 days'),
rows AS (DELETE FROM updates u USING replaced r WHERE u.resource_id = r.id AND u.epoch <> r.epoch),
authors AS (DELETE FROM authorship a USING replaced r WHERE a.resource_id = r.id AND a.epoch <> r.epoch)
DELETE FROM snapshots s USING replaced r WHERE s.resource_id = r.id AND s.epoch <> r.epoch`

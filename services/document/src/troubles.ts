import type { Log } from '@realtime/kit'
import type pg from 'pg'
import { Counter, type Registry } from 'prom-client'

/** Why a log cannot be folded. */
export type TroubleReason = 'unreadable' | 'verification' | 'snapshot' | 'overdue'

/** A log that cannot be folded as it is; nothing of it was touched. */
export class LogTrouble extends Error {
  readonly reason: TroubleReason

  constructor(reason: TroubleReason, detail: string) {
    super(detail)
    this.reason = reason
  }
}

/** Logs that cannot be folded: they are told of, and left alone for a while. */
export interface Troubles {
  /** Tells of it, and leaves the log alone. Never fails. */
  report(log: { id: string; epoch: string }, trouble: LogTrouble): Promise<void>
  /** Why a log is left alone at present. */
  of(client: pg.Pool | pg.PoolClient, log: { id: string; epoch: string }): Promise<LogTrouble | null>
  /** Forgets what was the matter with a log. */
  over(client: pg.PoolClient, id: string): Promise<void>
}

/** A log in trouble is tried again after this long: another release may know better. */
const AGAIN_HOURS = 1

/** Troubles in the database, for all processes alike; counted by reason. */
export function troubles({ pool, log, registry }: { pool: pg.Pool; log: Log; registry: Registry }): Troubles {
  const counter = new Counter({
    name: 'document_log_troubles_total',
    help: 'Logs that could not be folded, by reason; they need an operator',
    labelNames: ['reason'],
    registers: [registry],
  })
  return {
    async report({ id, epoch }, { reason, message }) {
      counter.inc({ reason })
      log.error({ document: id, epoch, reason, detail: message }, 'A log cannot be folded: see docs/running.md')
      await pool
        .query(REPORT, [id, epoch, reason, message])
        .catch((error: unknown) => log.warn({ err: error, document: id }, 'a trouble could not be noted'))
    },
    async of(client, { id, epoch }) {
      const { rows } = await client.query<{ reason: TroubleReason; detail: string }>(OF, [id, epoch, AGAIN_HOURS])
      const [row] = rows
      return row ? new LogTrouble(row.reason, row.detail) : null
    },
    async over(client, id) {
      await client.query('DELETE FROM log_troubles WHERE resource_id = $1', [id])
    },
  }
}

const REPORT = `
INSERT INTO log_troubles (resource_id, epoch, reason, detail) VALUES ($1, $2, $3, $4)
ON CONFLICT (resource_id) DO UPDATE SET epoch = $2, reason = $3, detail = $4, at = now()`

const OF = `
SELECT reason, detail FROM log_troubles
WHERE resource_id = $1 AND epoch = $2 AND at > now() - make_interval(hours => $3::int)`

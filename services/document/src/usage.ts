import { billingInternal, type Caller, call, Problem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import type pg from 'pg'

/** Bytes of the files of an organization, each file once, whichever of its resources have it. */
export const STORED_BYTES = `
SELECT coalesce(sum(f.size), 0) AS bytes, statement_timestamp() AS at FROM files f
WHERE f.id IN (SELECT rf.file_id FROM resource_files rf WHERE rf.organization_id = $1)`

/** Tells the organization service how much is stored. */
export interface UsageReports {
  /** Something was stored for an organization: it will be told soon. */
  changed(organizationId: string): void
  /** Tells of all organizations that store anything, in case something was missed. */
  reconcile(): Promise<void>
  stop(): Promise<void>
}

/** Several uploads are told as one. */
const DELAY_MS = 1_000
const RETRY_MS = 5_000
const MOST_RETRY_MS = 60_000

/**
 * Reports sums, not differences: whatever was not told is in the next report. A report bears the time at which its
 * statement began, so that of two the later knows all that the earlier did.
 */
export function usageReports(options: {
  pool: pg.Pool
  caller: Caller
  log: Log
  delayMs?: number
  retryMs?: number
}): UsageReports {
  const { pool, caller, log, delayMs = DELAY_MS, retryMs = RETRY_MS } = options
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let sending: Promise<void> | null = null
  let failures = 0
  let stopped = false

  const later = (ms: number): void => {
    if (stopped || timer || sending) return
    timer = setTimeout(() => {
      timer = null
      sending = send().finally(() => {
        sending = null
        const wait = failures > 0 ? Math.min(MOST_RETRY_MS, retryMs * 2 ** (failures - 1)) : delayMs
        if (waiting.size > 0) later(wait)
      })
    }, ms)
    timer.unref()
  }
  const send = async (): Promise<void> => {
    for (const organizationId of [...waiting]) {
      if (stopped) return
      waiting.delete(organizationId)
      try {
        await report(organizationId)
        failures = 0
      } catch (error) {
        waiting.add(organizationId)
        failures++
        log.debug({ err: error, organization: organizationId }, 'stored bytes could not be reported')
        return
      }
    }
  }
  const report = async (organizationId: string): Promise<void> => {
    const { rows } = await pool.query<{ bytes: string; at: Date }>(STORED_BYTES, [organizationId])
    const [row] = rows
    if (!row) return
    const body = { storageBytes: Number(row.bytes), measuredAt: row.at.toISOString() }
    try {
      await call(caller, billingInternal.reportUsage, { params: { organizationId }, body })
    } catch (error) {
      // An organization that is gone needs no report.
      if (!(error instanceof Problem && error.key === 'not-found')) throw error
    }
  }
  return {
    changed(organizationId) {
      waiting.add(organizationId)
      later(delayMs)
    },
    async reconcile() {
      const { rows } = await pool.query<{ id: string }>('SELECT DISTINCT organization_id AS id FROM resource_files')
      for (const { id } of rows) waiting.add(id)
      if (rows.length > 0) later(delayMs)
    },
    async stop() {
      stopped = true
      if (timer) clearTimeout(timer)
      await sending
    },
  }
}

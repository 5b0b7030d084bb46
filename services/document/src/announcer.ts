import { type GrownLogs, grownLogs } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import type pg from 'pg'

/** Reads what was announced; null when it is not in this form, as that of another release. */
export function readAnnouncement(payload: string): GrownLogs | null {
  try {
    return grownLogs.parse(JSON.parse(payload))
  } catch {
    return null
  }
}

/** Tells all processes that logs have grown. */
export interface Announcer {
  /** Announces that a resource's log has reached `seq`. Never fails: who misses it reads the table. */
  announce(id: string, seq: number): void
  /** Resolves when nothing is left to announce. */
  settled(): Promise<void>
}

/** Logs told of in one notification, which PostgreSQL limits to 8,000 bytes: an id has 64 at most. */
const MOST_TOGETHER = 80
/** What grows within these milliseconds is told of together. */
const PAUSE_MS = 10

/**
 * Announces by NOTIFY (`grownLogs`), after the commits it tells of: at once, then every ten milliseconds by one
 * statement for all logs that grew meanwhile, each by its newest seq. It asks for no flush, since a lost announcement
 * only costs its reader a poll.
 */
export function announcer(options: { pool: pg.Pool; channel: string; log: Log }): Announcer {
  const waiting = new Map<string, number>()
  let sending: Promise<void> | null = null
  const send = async (): Promise<void> => {
    while (waiting.size > 0) {
      const grown = [...waiting]
      waiting.clear()
      const payloads: string[] = []
      for (let from = 0; from < grown.length; from += MOST_TOGETHER) {
        payloads.push(JSON.stringify(grown.slice(from, from + MOST_TOGETHER)))
      }
      try {
        await options.pool.query({ name: 'announce', text: ANNOUNCE, values: [options.channel, payloads] })
      } catch (error) {
        options.log.debug({ err: error }, 'appended logs could not be announced')
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
    sending = null
  }
  return {
    announce(id, seq) {
      waiting.set(id, Math.max(seq, waiting.get(id) ?? 0))
      sending ??= send()
    },
    settled: async () => {
      await sending
    },
  }
}

const ANNOUNCE = `
WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
SELECT count(pg_notify($1, payload)) FROM unflushed, unnest($2::text[]) AS payload`

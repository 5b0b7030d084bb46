import { setTimeout as pause } from 'node:timers/promises'
import { type Kind, kind } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import type pg from 'pg'
import type { Past } from './past.ts'
import { updatesTo } from './past-states.ts'
import { Stopped } from './thread.ts'
import { turns } from './turns.ts'

/** Keeps for search what resources say, following their logs and titles. */
export interface SearchTexts {
  /** A log has grown, or a title has changed: it is read soon. */
  look(id: string): void
  /** Reads what changed while nobody looked, as after a restart. */
  find(signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/** Several changes are read as one. */
const DELAY_MS = 1_000
/** What is being written is read again after this long, or after ten times as long as it took to read. */
const REST_MS = 5_000
const REST_PER_READING = 10
const BATCH = 200

/**
 * Reads one resource at a time, in the thread of history, so that neither the service nor who opens one waits; and half
 * of the time at most, so that history comes to its turn however much is written.
 */
export function searchTexts({ pool, past, log }: { pool: pg.Pool; past: Past; log: Log }): SearchTexts {
  const waiting = new Map<string, NodeJS.Timeout>()
  const ready = new Set<string>()
  const rests = new Map<string, number>()
  const stopping = new AbortController()
  const oneByOne = turns()

  const read = (id: string): Promise<void> =>
    oneByOne(async () => {
      if (stopping.signal.aborted) return
      ready.delete(id)
      const began = performance.now()
      try {
        await keepText({ pool, past }, id)
      } catch (error) {
        if (!(error instanceof Stopped)) log.warn({ err: error, document: id }, 'a text cannot be read for search')
      }
      const took = performance.now() - began
      const rest = Math.max(REST_MS, took * REST_PER_READING)
      const until = performance.now() + rest
      rests.set(id, until)
      setTimeout(() => {
        if (rests.get(id) === until) rests.delete(id)
      }, rest).unref()
      await pause(took, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined)
    })
  /** Reads it after a while, or when its rest is over, which may have begun since. */
  const readAfter = (id: string, ms: number): void => {
    const timer = setTimeout(() => {
      const rest = (rests.get(id) ?? 0) - performance.now()
      if (rest > 0) return readAfter(id, rest)
      waiting.delete(id)
      ready.add(id)
      void read(id)
    }, ms)
    waiting.set(id, timer.unref())
  }
  return {
    look(id) {
      if (stopping.signal.aborted || waiting.has(id) || ready.has(id)) return
      readAfter(id, DELAY_MS)
    },
    async find(signal) {
      for (let last = ''; ; ) {
        const { rows } = await pool.query<{ id: string }>(OUTDATED, [last, BATCH])
        for (const { id } of rows) {
          if (signal.aborted) return
          await read(id)
          last = id
        }
        if (rows.length < BATCH) return
      }
    },
    async stop() {
      stopping.abort()
      for (const timer of waiting.values()) clearTimeout(timer)
      await oneByOne(async () => undefined)
    },
  }
}

/** Keeps what a resource says now, unless that is kept already. */
async function keepText({ pool, past }: { pool: pg.Pool; past: Past }, id: string): Promise<void> {
  const { rows } = await pool.query<Row>(READ, [id])
  const [row] = rows
  if (!row) return
  const { epoch, title } = row
  const updates = await updatesTo({ pool }, { id, epoch, seq: Number(row.seq) })
  const { body, foldedTitle, folded, grams } = await past.text({ kind: kind.parse(row.kind), title, updates })
  await pool.query(WRITE, [id, row.seq, title, body, foldedTitle, folded, grams])
}

interface Row {
  kind: Kind
  title: string
  epoch: string
  seq: string
}

const OUTDATED = `
SELECT r.id FROM resources r LEFT JOIN search_texts s ON s.resource_id = r.id
WHERE r.id > $1 AND r.trashed_at IS NULL AND (s.resource_id IS NULL OR s.seq <> r.seq OR s.title <> r.title)
ORDER BY r.id LIMIT $2`
const READ = `
SELECT r.kind, r.title, r.epoch, r.seq FROM resources r LEFT JOIN search_texts s ON s.resource_id = r.id
WHERE r.id = $1 AND r.trashed_at IS NULL AND (s.resource_id IS NULL OR s.seq <> r.seq OR s.title <> r.title)`
/** What was read last holds: not a reading of before, and none under a title of before. */
const WRITE = `
INSERT INTO search_texts (resource_id, organization_id, seq, title, body, folded_title, folded, grams)
SELECT r.id, r.organization_id, $2, $3, $4, $5, $6, $7 FROM resources r WHERE r.id = $1 AND r.title = $3 FOR KEY SHARE
ON CONFLICT (resource_id) DO UPDATE SET seq = excluded.seq, title = excluded.title, body = excluded.body,
  folded_title = excluded.folded_title, folded = excluded.folded, grams = excluded.grams
WHERE search_texts.seq <= excluded.seq`

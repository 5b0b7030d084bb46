import type pg from 'pg'
import { storeAuthors } from './authorship.ts'
import type { Compactor, Folded, Part } from './compactor.ts'
import { readPage } from './log-page.ts'
import { readSnapshot, type Snapshot, storeSnapshot } from './snapshots.ts'
import { Overdue, Stopped } from './thread.ts'
import { LogTrouble, type Troubles } from './troubles.ts'

/** What folding works with. */
export interface Tools {
  pool: pg.Pool
  compactor: Compactor
  troubles: Troubles
}

/** As much of a log as is folded in one go, in bytes: what is left is the next go's. */
const MOST_BYTES = 32_000_000

/** A snapshot of one go of a log, and whether rows are left for another. */
interface Done {
  seq: number
  more: boolean
}

/**
 * Writes a snapshot of the newest state of a log, so that opening it is quick; its rows stay. Null when there is
 * nothing to do, or when another process is at this log and `wait` is false.
 * @throws LogTrouble when the log cannot be folded: it was reported
 */
export function foldLog(tools: Tools, id: string, wait: boolean): Promise<Done | null> {
  return atLog(tools, id, wait, async (client, log) => {
    const base = await readSnapshot(client, { ...log, upTo: log.seq })
    const done = await foldRows(tools, client, log, base, log.seq)
    if (!done) return null
    await storeSnapshot(client, log, done)
    // That of `compacted_seq` stays, since rows that are left build upon it.
    await client.query('DELETE FROM snapshots WHERE resource_id = $1 AND epoch = $2 AND seq < $3 AND seq <> $4', [
      log.id,
      log.epoch,
      done.seq,
      log.compactedSeq,
    ])
    return done
  })
}

/**
 * Takes rows that history is through with out of a log: in one transaction with the verified snapshot that stands for
 * them and the record of who wrote them. Rows younger than `settledMs` stay, since somebody may be about to ask for them.
 * @throws LogTrouble when the log cannot be folded: it was reported, and all rows are there
 */
export function compactLog(tools: Tools, id: string, settledMs: number): Promise<Done | null> {
  return atLog(tools, id, false, async (client, log) => {
    if (log.historySeq <= log.compactedSeq || log.historyAgeMs < settledMs) return null
    const base = log.compactedSeq > 0 ? await readSnapshot(client, { ...log, upTo: log.compactedSeq }) : null
    if (log.compactedSeq > 0 && base?.seq !== log.compactedSeq) {
      throw new LogTrouble('snapshot', `there is no snapshot of row ${log.compactedSeq}`)
    }
    const done = await foldRows(tools, client, log, base, log.historySeq)
    if (!done) return null
    await storeSnapshot(client, log, done)
    await storeAuthors(client, log, done.authors)
    const { rowCount } = await client.query('DELETE FROM updates WHERE resource_id = $1 AND epoch = $2 AND seq <= $3', [
      log.id,
      log.epoch,
      done.seq,
    ])
    if (rowCount !== done.rows) throw new LogTrouble('verification', `${done.rows} rows were folded, not ${rowCount}`)
    await client.query('DELETE FROM snapshots WHERE resource_id = $1 AND epoch = $2 AND seq < $3', [
      log.id,
      log.epoch,
      done.seq,
    ])
    // The last statement: whoever appends waits for the row of the resource. Nobody compacted or replaced meanwhile.
    const { rowCount: taken } = await client.query(
      'UPDATE resources SET compacted_seq = $3 WHERE id = $1 AND epoch = $2 AND compacted_seq = $4',
      [log.id, log.epoch, done.seq, log.compactedSeq],
    )
    return taken === 1 ? done : null
  })
}

interface LogHead {
  id: string
  epoch: string
  seq: number
  historySeq: number
  /** How long ago the row of `historySeq` was written. */
  historyAgeMs: number
  compactedSeq: number
}

/** Works on a log in one transaction, which no other process does at the time; undone unless `work` answers something. */
async function atLog<T>(
  { pool, troubles }: Tools,
  id: string,
  wait: boolean,
  work: (client: pg.PoolClient, log: LogHead) => Promise<T | null>,
): Promise<T | null> {
  const client = await pool.connect()
  let head: LogHead | null = null
  let known: LogTrouble | null = null
  let broken: Error | undefined
  // While the thread works nothing is asked of the connection, and nobody else would hear that it was cut.
  const cut = (error: Error): void => {
    broken = error
  }
  client.on('error', cut)
  try {
    await client.query('BEGIN')
    const { rows: locks } = await client.query<{ held: boolean }>(wait ? LOCK : TRY_LOCK, [id])
    head = locks[0]?.held ? await readHead(client, id) : null
    known = head && (await troubles.of(client, head))
    if (known && wait) throw known
    const result = head && !known ? await work(client, head) : null
    if (result !== null) await troubles.over(client, id)
    await client.query(result === null ? 'ROLLBACK' : 'COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(cut)
    if (error instanceof LogTrouble && head && error !== known) await troubles.report(head, error)
    throw error
  } finally {
    client.off('error', cut)
    client.release(broken)
  }
}

async function readHead(client: pg.PoolClient, id: string): Promise<LogHead | null> {
  const { rows } = await client.query<Record<'epoch' | 'seq' | 'history' | 'compacted' | 'age', string>>(HEAD, [id])
  const [row] = rows
  if (!row) return null
  const { epoch, seq, history, compacted, age } = row
  const historyAgeMs = Number(age)
  return { id, epoch, seq: Number(seq), historySeq: Number(history), historyAgeMs, compactedSeq: Number(compacted) }
}

/** Folds the rows after a base up to a row, or as many as one go takes; null when there are none. */
async function foldRows(
  { compactor }: Tools,
  client: pg.PoolClient,
  { id, epoch }: LogHead,
  base: Snapshot | null,
  upTo: number,
): Promise<(Folded & Done) | null> {
  const after = base?.seq ?? null
  const pages: Part['pages'] = []
  let seq = after ?? 0
  let bytes = 0
  while (seq < upTo && bytes < MOST_BYTES) {
    const page = await readPage(client, { id, epoch, after: seq, upTo })
    if (page.rows === 0) break
    pages.push(page.bytes)
    bytes += page.bytes.length
    seq = page.lastSeq
  }
  if (seq < upTo && bytes < MOST_BYTES) throw new LogTrouble('unreadable', `row ${upTo} is missing`)
  if (pages.length === 0) return null
  // A copy: what the driver hands out may be a part of a buffer that others are in.
  const packed = base && new Uint8Array(base.packed)
  const folded = await inThread(compactor.fold({ base: packed, after, pages }))
  const wrong = await inThread(compactor.verify(folded))
  if (wrong !== null) throw new LogTrouble('verification', wrong)
  return { ...folded, seq, more: seq < upTo }
}

/** What fails in the thread fails because of the log. */
async function inThread<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Stopped) throw error
    const reason = error instanceof Overdue ? 'overdue' : 'unreadable'
    throw new LogTrouble(reason, error instanceof Error ? error.message : String(error))
  }
}

const KEY = `hashtextextended(current_schema() || '.log.' || $1, 0)`
const TRY_LOCK = `SELECT pg_try_advisory_xact_lock(${KEY}) AS held`
const LOCK = `SELECT true AS held FROM pg_advisory_xact_lock(${KEY})`

const HEAD = `
SELECT r.epoch, r.seq, r.history_seq AS history, r.compacted_seq AS compacted,
  coalesce(extract(epoch FROM clock_timestamp() - u.at) * 1000, 0) AS age
FROM resources r LEFT JOIN updates u ON u.resource_id = r.id AND u.seq = r.history_seq
WHERE r.id = $1`

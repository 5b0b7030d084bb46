import { type Change, change } from '@realtime/contracts'
import type { Wakeups } from './wakeups.ts'

/** Longest time without a look at the table, so that a lost NOTIFY costs a second and not a change. */
const LOOK_MS = 1_000

/** The `changes` table of an owner: `cursor`, `type`, `subject`, `at`. Written by `record_change` of its migrations. */
export interface ChangesTable {
  /** The changes after a cursor, oldest first. */
  after(cursor: number, limit: number): Promise<Change[]>
  /** The cursor of the newest change; 0 when there is none. */
  newest(): Promise<number>
}

/** The part of a Prisma client that reads a table of any owner. */
interface Queries {
  $queryRaw<T>(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<T>
}

interface Row {
  cursor: bigint
  type: string
  subject: unknown
  at: Date
}

/** Reads an owner's `changes` on its own connection. */
export function changesTable(db: Queries): ChangesTable {
  return {
    async after(cursor, limit) {
      const rows = await db.$queryRaw<Row[]>`
        SELECT cursor, type, subject, at FROM changes WHERE cursor > ${BigInt(cursor)} ORDER BY cursor LIMIT ${limit}`
      return rows.map((row) => change.parse({ ...row, cursor: Number(row.cursor), at: row.at.toISOString() }))
    },
    async newest() {
      const rows = await db.$queryRaw<{ cursor: bigint | null }[]>`SELECT max(cursor) AS cursor FROM changes`
      return Number(rows[0]?.cursor ?? 0)
    },
  }
}

export interface ReadChangesInput {
  after: number
  limit: number
  /** Seconds to wait for a change when there is none. */
  wait: number
}

/**
 * Answers an owner's cursor endpoint: changes after a cursor, oldest first, waiting for one to come. Cursors become
 * visible in their own order (see `record_change`), so nothing ever appears behind a cursor already read. A cursor
 * beyond the newest (the first call of a follower, or a database restored from a backup) is answered at once with the
 * newest. `signal` ends the waiting when the asker or the service goes away.
 */
export async function readChanges(
  table: ChangesTable,
  changed: Wakeups,
  { after, limit, wait }: ReadChangesInput,
  signal: AbortSignal,
): Promise<{ changes: Change[]; cursor: number }> {
  const until = performance.now() + wait * 1000
  for (;;) {
    // Begun before reading, so that a change between reading and waiting ends the waiting.
    const woken = wakeup(changed, Math.min(LOOK_MS, Math.max(0, until - performance.now())), signal)
    try {
      const changes = await table.after(after, limit)
      const last = changes.at(-1)
      if (last) return { changes, cursor: last.cursor }
      const newest = await table.newest()
      if (newest < after) return { changes: [], cursor: newest }
      if (newest === after && (signal.aborted || performance.now() >= until)) return { changes: [], cursor: after }
      if (newest === after) await woken.ended
    } finally {
      woken.cancel()
    }
  }
}

/**
 * Ends at the next message, when the connection is lost or back, after `ms`, or when `signal` is aborted. To be begun
 * before what is waited for is looked at, and cancelled when it is waited for no more.
 */
export function wakeup(changed: Wakeups, ms: number, signal: AbortSignal): { ended: Promise<void>; cancel(): void } {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const unsubscribe = changed.subscribe({ message: end, state: end })
  const timer = setTimeout(end, ms)
  signal.addEventListener('abort', end)
  return {
    ended,
    cancel() {
      unsubscribe()
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      end()
    },
  }
}

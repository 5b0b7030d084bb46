import type { Change } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import type { ChangesTable, Wakeups } from '@realtime/kit/database'

/** Who reads the news of an organization, or of all. */
export interface FeedReader {
  change(change: Change): void
  /** News may be missing from now on. */
  lost(): void
}

/** Tells many readers of changes, reading each row once for all of them. */
export interface ChangeFeed {
  /** Whether changes come at present. */
  live(): boolean
  /** From now on tells a reader of an organization's changes (null: of everybody's); the answer ends it. */
  subscribe(organizationId: string | null, reader: FeedReader): () => void
}

const BATCH = 500

/** Follows this service's own changes from the newest on. */
export function changeFeed(options: { table: ChangesTable; changed: Wakeups; log: Log }): ChangeFeed {
  const { table, changed, log } = options
  const readers = new Map<string | null, Set<FeedReader>>()
  // Null: the table is not followed, because it cannot be listened to or could not be read.
  let cursor: number | null = null
  let reading = false
  let again = false

  const read = async (): Promise<void> => {
    do {
      again = false
      cursor ??= await table.newest()
      const changes: Change[] = await table.after(cursor, BATCH)
      for (const change of changes) {
        cursor = change.cursor
        for (const readersOf of [change.subject.organizationId ?? '', null]) {
          for (const reader of readers.get(readersOf) ?? []) reader.change(change)
        }
      }
      if (changes.length === BATCH) again = true
    } while (again)
  }
  const wake = (): void => {
    again = true
    if (reading) return
    reading = true
    read()
      .catch((error: unknown) => {
        log.debug({ err: error }, 'changes cannot be read')
        lose()
      })
      .finally(() => {
        reading = false
      })
  }
  const lose = (): void => {
    cursor = null
    const lost = [...readers.values()].flatMap((some) => [...some])
    for (const reader of lost) reader.lost()
  }
  changed.subscribe({ message: wake, state: (state) => (state === 'up' ? wake() : lose()) })
  return {
    live: () => changed.up() && cursor !== null,
    subscribe(organizationId, reader) {
      const some = readers.get(organizationId) ?? new Set()
      readers.set(organizationId, some.add(reader))
      return () => {
        some.delete(reader)
        if (some.size === 0 && readers.get(organizationId) === some) readers.delete(organizationId)
      }
    },
  }
}

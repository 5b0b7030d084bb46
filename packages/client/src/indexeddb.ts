import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { OutboxStore } from './outbox.ts'

interface Schema extends DBSchema {
  updates: {
    key: number
    value: { document: string; epoch: string; update: Uint8Array }
    indexes: { document: [string, string] }
  }
}

/**
 * The outbox of one person on this device, in IndexedDB (`outbox-<user>`). It opens at the first use and again after
 * the browser closed it; every failure rejects, so that the caller can say that nothing is kept.
 */
export function indexedDbStore(userId: string): OutboxStore {
  let opened: Promise<IDBPDatabase<Schema>> | undefined
  const database = (): Promise<IDBPDatabase<Schema>> => {
    opened ??= openDB<Schema>(`outbox-${userId}`, 1, {
      upgrade(db) {
        db.createObjectStore('updates', { autoIncrement: true }).createIndex('document', ['document', 'epoch'])
      },
      blocking: (_current, _blocked, event) => {
        ;(event.target as IDBDatabase).close()
        opened = undefined
      },
      terminated: () => {
        opened = undefined
      },
    }).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    async load(document, epoch) {
      const transaction = (await database()).transaction('updates')
      const kept: { id: number; update: Uint8Array }[] = []
      let cursor = await transaction.store.index('document').openCursor([document, epoch])
      while (cursor) {
        kept.push({ id: cursor.primaryKey, update: cursor.value.update })
        cursor = await cursor.continue()
      }
      return kept
    },
    async add(document, epoch, update) {
      // `strict` waits for the disk, not only for the operating system's cache.
      const transaction = (await database()).transaction('updates', 'readwrite', { durability: 'strict' })
      const [id] = await Promise.all([transaction.store.add({ document, epoch, update }), transaction.done])
      return id
    },
    async remove(ids) {
      const transaction = (await database()).transaction('updates', 'readwrite')
      await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done])
    },
  }
}

import type { DBSchema } from 'idb'
import { deviceDatabase } from './device.ts'
import type { OutboxStore } from './outbox.ts'

interface Schema extends DBSchema {
  updates: {
    key: number
    value: { document: string; epoch: string; update: Uint8Array }
    indexes: { document: [string, string] }
  }
}

/** The outbox of one person on this device, in IndexedDB (`outbox-<user>`). Every failure rejects. */
export function indexedDbStore(userId: string): OutboxStore {
  const database = deviceDatabase<Schema>(`outbox-${userId}`, (db) => {
    db.createObjectStore('updates', { autoIncrement: true }).createIndex('document', ['document', 'epoch'])
  })
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

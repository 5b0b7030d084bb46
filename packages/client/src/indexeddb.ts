import type { DBSchema } from 'idb'
import type { PrivateCopy } from './copies.ts'
import { deviceDatabase } from './device.ts'
import { isWorthKeeping, type KeptBase, type OutboxStore } from './outbox.ts'

interface Schema extends DBSchema {
  updates: {
    key: number
    value: { document: string; epoch: string; update: Uint8Array }
    indexes: { document: [string, string] }
  }
  bases: { key: [string, string]; value: { document: string; epoch: string } & KeptBase }
  copies: { key: string; value: PrivateCopy; indexes: { document: string } }
}

/** `strict` waits for the disk, not only for the operating system's cache. */
const ON_DISK = { durability: 'strict' } as const

/** The outbox of one person on this device, in IndexedDB (`outbox-<user>`). Every failure rejects. */
export function indexedDbStore(userId: string): OutboxStore {
  const database = deviceDatabase<Schema>(
    `outbox-${userId}`,
    (db, before) => {
      if (before < 1)
        db.createObjectStore('updates', { autoIncrement: true }).createIndex('document', ['document', 'epoch'])
      db.createObjectStore('bases', { keyPath: ['document', 'epoch'] })
      db.createObjectStore('copies', { keyPath: 'id' }).createIndex('document', 'document')
    },
    2,
  )
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
    async epochs(document) {
      const transaction = (await database()).transaction('updates')
      const all = IDBKeyRange.bound([document], [document, []])
      const epochs: string[] = []
      let cursor = await transaction.store.index('document').openKeyCursor(all, 'nextunique')
      while (cursor) {
        epochs.push(cursor.key[1])
        cursor = await cursor.continue()
      }
      return epochs
    },
    async add(document, epoch, updates) {
      const transaction = (await database()).transaction('updates', 'readwrite', ON_DISK)
      const adding = Promise.all(updates.map((update) => transaction.store.add({ document, epoch, update })))
      const [ids] = await Promise.all([adding, transaction.done])
      return ids
    },
    async remove(ids) {
      const transaction = (await database()).transaction('updates', 'readwrite')
      await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done])
    },
    async keepBase(document, epoch, base) {
      const transaction = (await database()).transaction('bases', 'readwrite', ON_DISK)
      const { store } = transaction
      const kept = base ? store.put({ document, epoch, ...base }) : store.delete([document, epoch])
      await Promise.all([kept, transaction.done])
    },
    async loadBase(document, epoch) {
      const base = await (await database()).get('bases', [document, epoch])
      return base ? { state: base.state, about: base.about } : null
    },
    async setAside(copy, ids) {
      const transaction = (await database()).transaction(['updates', 'copies'], 'readwrite', ON_DISK)
      const updates = transaction.objectStore('updates')
      const work = async (): Promise<void> => {
        const present = await Promise.all(ids.map((id) => updates.count(id)))
        const left = present.filter((count) => count > 0).length
        if (isWorthKeeping(copy, ids, left)) await transaction.objectStore('copies').put(copy)
        await Promise.all(ids.map((id) => updates.delete(id)))
      }
      await Promise.all([work(), transaction.done])
    },
    async copies(document) {
      const opened = await database()
      const found =
        document === undefined
          ? await opened.getAll('copies')
          : await opened.getAllFromIndex('copies', 'document', document)
      return found.sort((one, other) => one.at - other.at)
    },
    async forget(copyId) {
      await (await database()).delete('copies', copyId)
    },
  }
}

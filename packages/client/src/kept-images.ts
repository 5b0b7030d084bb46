import type { DBSchema } from 'idb'
import { deviceDatabase } from './device.ts'

/** An image on a page whose bytes the server does not have yet. */
export interface KeptImage<Element = unknown> {
  /** Of the element that shows it. */
  id: string
  /** What the element looks like. */
  element: Element
  /** What the element calls its bytes: several may show the same. */
  file: string
  /** The bytes, as a data URL. */
  url: string
}

/**
 * Where images wait that the server does not have yet. Injectable. Each belongs to one open page, its owner, so that no
 * two pages send and change the same.
 */
export interface KeptImages<Element = unknown> {
  /** Whose images wait for this document. */
  owners(document: string): Promise<string[]>
  /** Gives all images of one owner to another. @returns them */
  take(document: string, from: string, to: string): Promise<KeptImage<Element>[]>
  /** Keeps an image durably, or what became of it. */
  put(document: string, owner: string, image: KeptImage<Element>): Promise<void>
  remove(document: string, ids: string[]): Promise<void>
}

interface Schema<Element> extends DBSchema {
  elements: {
    key: [string, string]
    value: { document: string; id: string; owner: string; file: string; element: Element }
    indexes: { owner: [string, string]; file: [string, string] }
  }
  /** Apart from the elements: those change with every move, and the bytes are large. */
  files: { key: [string, string]; value: { document: string; file: string; url: string } }
}

/** The waiting images of one person on this device, in IndexedDB (`images-<user>`). Every failure rejects. */
export function indexedDbImages<Element>(userId: string): KeptImages<Element> {
  const database = deviceDatabase<Schema<Element>>(`images-${userId}`, (db) => {
    const elements = db.createObjectStore('elements', { keyPath: ['document', 'id'] })
    elements.createIndex('owner', ['document', 'owner'])
    elements.createIndex('file', ['document', 'file'])
    db.createObjectStore('files', { keyPath: ['document', 'file'] })
  })
  return {
    async owners(document) {
      const rows = await (await database()).getAll('elements', IDBKeyRange.bound([document], [document, []]))
      return [...new Set(rows.map(({ owner }) => owner))]
    },
    async take(document, from, to) {
      const transaction = (await database()).transaction(['elements', 'files'], 'readwrite', { durability: 'strict' })
      const elements = transaction.objectStore('elements')
      const files = transaction.objectStore('files')
      const taken: KeptImage<Element>[] = []
      for (const row of await elements.index('owner').getAll([document, from])) {
        const bytes = await files.get([document, row.file])
        await elements.put({ ...row, owner: to })
        if (bytes) taken.push({ id: row.id, element: row.element, file: row.file, url: bytes.url })
      }
      await transaction.done
      return taken
    },
    async put(document, owner, { id, element, file, url }) {
      const transaction = (await database()).transaction(['elements', 'files'], 'readwrite', { durability: 'strict' })
      const files = transaction.objectStore('files')
      const write = async (): Promise<void> => {
        if ((await files.getKey([document, file])) === undefined) await files.put({ document, file, url })
        await transaction.objectStore('elements').put({ document, id, owner, file, element })
      }
      await Promise.all([write(), transaction.done])
    },
    async remove(document, ids) {
      const transaction = (await database()).transaction(['elements', 'files'], 'readwrite')
      const elements = transaction.objectStore('elements')
      for (const id of ids) {
        const row = await elements.get([document, id])
        if (!row) continue
        await elements.delete([document, id])
        const left = await elements.index('file').count([document, row.file])
        if (left === 0) await transaction.objectStore('files').delete([document, row.file])
      }
      await transaction.done
    },
  }
}

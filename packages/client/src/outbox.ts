import type { PrivateCopy } from './copies.ts'

/**
 * Where a client keeps its own edits until the server has committed them, and those that it never will as private
 * copies. Injectable; keyed by document and epoch. Every failure rejects, and then nothing has changed.
 */
export interface OutboxStore {
  /** All edits kept for this document and epoch, oldest first, from whichever tab or session. */
  load(document: string, epoch: string): Promise<KeptUpdate[]>
  /** The epochs under which edits of this document are kept. */
  epochs(document: string): Promise<string[]>
  /** Keeps edits durably. Resolves with their ids, in order, once they are on the device. */
  add(document: string, epoch: string, updates: Uint8Array[]): Promise<number[]>
  /** Forgets edits that are committed. */
  remove(ids: number[]): Promise<void>
  /** Keeps what kept edits stand on, in place of what was kept before; null forgets it. */
  keepBase(document: string, epoch: string, base: KeptBase | null): Promise<void>
  loadBase(document: string, epoch: string): Promise<KeptBase | null>
  /**
   * Stores a copy (in place of one with its id) and forgets the edits `ids`, both or neither. A copy that is not whole,
   * and of whose edits none is left, is not stored: somebody else was quicker.
   */
  setAside(copy: PrivateCopy, ids: number[]): Promise<void>
  /** The private copies of one document or of all, oldest first. */
  copies(document?: string): Promise<PrivateCopy[]>
  forget(copyId: string): Promise<void>
}

export interface KeptUpdate {
  id: number
  update: Uint8Array
}

/** A whole state that kept edits complete, and what the application knows of its document. */
export interface KeptBase {
  state: Uint8Array
  about: unknown
}

/** Whether `setAside` has anything to store, when so many of its edits were still there. */
export function isWorthKeeping(copy: PrivateCopy, ids: number[], present: number): boolean {
  return copy.whole || ids.length === 0 || present > 0
}

/** What an outbox holds, and how it changes: the common heart of the stores of this process. */
export interface OutboxContent {
  next: number
  rows: Map<number, { document: string; epoch: string; update: Uint8Array }>
  bases: Map<string, KeptBase>
  copies: Map<string, PrivateCopy>
}

export const emptyOutbox = (): OutboxContent => ({ next: 1, rows: new Map(), bases: new Map(), copies: new Map() })

/** The questions of an outbox, answered from memory. */
export function answersOf(content: OutboxContent): Pick<OutboxStore, 'load' | 'epochs' | 'loadBase' | 'copies'> {
  const rowsOf = (document: string) => [...content.rows].filter(([, row]) => row.document === document)
  return {
    load: async (document, epoch) =>
      rowsOf(document).flatMap(([id, row]) => (row.epoch === epoch ? [{ id, update: row.update }] : [])),
    epochs: async (document) => [...new Set(rowsOf(document).map(([, row]) => row.epoch))],
    loadBase: async (document, epoch) => content.bases.get(baseKey(document, epoch)) ?? null,
    copies: async (document) =>
      [...content.copies.values()].filter((copy) => document === undefined || copy.document === document),
  }
}

export const baseKey = (document: string, epoch: string): string => JSON.stringify([document, epoch])

/** An outbox that lives as long as the process: for Node clients and tests. */
export function memoryStore(): OutboxStore {
  const content = emptyOutbox()
  const { rows, bases, copies } = content
  return {
    ...answersOf(content),
    async add(document, epoch, updates) {
      return updates.map((update) => {
        const id = content.next++
        rows.set(id, { document, epoch, update })
        return id
      })
    },
    async remove(ids) {
      for (const id of ids) rows.delete(id)
    },
    async keepBase(document, epoch, base) {
      if (base) bases.set(baseKey(document, epoch), base)
      else bases.delete(baseKey(document, epoch))
    },
    async setAside(copy, ids) {
      const present = ids.filter((id) => rows.delete(id)).length
      if (isWorthKeeping(copy, ids, present)) copies.set(copy.id, copy)
    },
    async forget(copyId) {
      copies.delete(copyId)
    },
  }
}

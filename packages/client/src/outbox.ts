/** Where a client keeps its own edits until the server has committed them. Injectable; keyed by document and epoch. */
export interface OutboxStore {
  /** All edits kept for this document and epoch, oldest first, from whichever tab or session. */
  load(document: string, epoch: string): Promise<KeptUpdate[]>
  /** Keeps an edit durably. Resolves with its id once it is on the device. */
  add(document: string, epoch: string, update: Uint8Array): Promise<number>
  /** Forgets edits that are committed. */
  remove(ids: number[]): Promise<void>
}

export interface KeptUpdate {
  id: number
  update: Uint8Array
}

/** An outbox that lives as long as the process: for Node clients and tests. */
export function memoryStore(): OutboxStore {
  let next = 1
  const rows = new Map<number, { key: string; update: Uint8Array }>()
  return {
    async load(document, epoch) {
      const key = `${document}/${epoch}`
      return [...rows].filter(([, row]) => row.key === key).map(([id, row]) => ({ id, update: row.update }))
    },
    async add(document, epoch, update) {
      const id = next++
      rows.set(id, { key: `${document}/${epoch}`, update })
      return id
    },
    async remove(ids) {
      for (const id of ids) rows.delete(id)
    },
  }
}

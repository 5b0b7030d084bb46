import * as Y from 'yjs'
import { isUpkeep } from './upkeep.ts'

/** A document of which what comes from the server is told from what is written here. */
export class Replica {
  readonly doc: Y.Doc
  /** Whether edits of whoever is here count; else what Yjs tidies up by itself is none. */
  mayWrite = true
  #origin: object
  #onEdit: (update: Uint8Array) => void
  #applying = false
  #upkeep = new WeakSet<Y.Transaction>()

  /** `origin` marks what comes from the server; `onEdit` gets everything else. */
  constructor(doc: Y.Doc, origin: object, onEdit: (update: Uint8Array) => void) {
    this.doc = doc
    this.#origin = origin
    this.#onEdit = onEdit
    doc.on('afterTransaction', this.#onTransaction)
    doc.on('update', this.#onUpdate)
  }

  /** Takes updates of the server, or of an earlier session. */
  apply(updates: Uint8Array[]): void {
    if (updates.length === 0) return
    this.#applying = true
    try {
      this.doc.transact(() => {
        for (const update of updates) Y.applyUpdate(this.doc, update, this.#origin)
      }, this.#origin)
    } finally {
      this.#applying = false
    }
  }

  stop(): void {
    this.doc.off('update', this.#onUpdate)
    this.doc.off('afterTransaction', this.#onTransaction)
  }

  #onTransaction = (transaction: Y.Transaction): void => {
    if (this.#applying && !this.mayWrite && isUpkeep(transaction)) this.#upkeep.add(transaction)
  }

  #onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    if (origin !== this.#origin && !this.#upkeep.has(transaction)) this.#onEdit(update)
  }
}

import * as Y from 'yjs'

/** What a kind of resource answers for itself, so that shared code never asks which kind it is. */
export interface ResourceKind {
  /** The first content of a new resource, as one V1 update; written by the server, once. */
  create(): Uint8Array
  /** What is wrong with the shape of a state, or null when it is sound. Never throws. */
  check(doc: Y.Doc): string | null
  /** The plain text of a state, for search and previews; blocks are separated by newlines. */
  text(doc: Y.Doc): string
  /**
   * Makes the content of `doc` what it is in `past`, by edits that touch only what differs: whatever others write
   * meanwhile merges. The caller opens the transaction. See `revert.ts` for the parts it is made of.
   */
  revert(doc: Y.Doc, past: Y.Doc): void
}

/** The client id that first content is written under; bound to the document service in every resource. */
export const SEED_CLIENT_ID = 1

/** Builds first content: what `write` does, as one update. */
export function seed(write: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = SEED_CLIENT_ID
  doc.transact(() => write(doc))
  const update = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return update
}

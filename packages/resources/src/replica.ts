import * as Y from 'yjs'

/**
 * A document that holds what is applied to it and nothing else, for servers. Yjs tidies formatting marks by itself after
 * what comes from afar: deletions that stand in no log, and that no other replica would hear of.
 */
export function exactReplica(): Y.Doc {
  const doc = new Y.Doc()
  // Looked at right after this event, by the one version of Yjs that is pinned.
  doc.on('afterTransaction', (transaction) => {
    transaction._needFormattingCleanup = false
  })
  return doc
}

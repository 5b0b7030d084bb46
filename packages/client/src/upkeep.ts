import * as Y from 'yjs'

/**
 * Whether a transaction is Yjs's own upkeep after content of others came in: it takes away formatting marks that mark
 * nothing any more, in every replica by itself. Ask while the transaction's observers run, before its garbage is gone.
 */
export function isUpkeep(transaction: Y.Transaction): boolean {
  if (transaction.origin !== null || transaction.deleteSet.clients.size === 0) return false
  for (const [client, clock] of transaction.afterState) {
    if (clock !== (transaction.beforeState.get(client) ?? 0)) return false
  }
  let marksOnly = true
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    marksOnly &&= struct instanceof Y.Item && struct.content instanceof Y.ContentFormat
  })
  return marksOnly
}

// Folds Yjs updates into one state, in a thread of its own. Plain JavaScript: a worker starts without a loader.
import { parentPort } from 'node:worker_threads'
import * as Y from 'yjs'

parentPort?.on('message', (/** @type {import('./thread.ts').Joined} */ { bytes, lengths }) => {
  try {
    const doc = new Y.Doc()
    // As `exactReplica` of packages/resources does.
    doc.on('afterTransaction', (transaction) => {
      transaction._needFormattingCleanup = false
    })
    let offset = 0
    for (const length of lengths) {
      Y.applyUpdate(doc, bytes.subarray(offset, offset + length))
      offset += length
    }
    if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('something lacks what comes before it')
    const answer = Y.encodeStateAsUpdate(doc)
    doc.destroy()
    parentPort?.postMessage({ answer }, [/** @type {ArrayBuffer} */ (answer.buffer)])
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})

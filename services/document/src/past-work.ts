import { parentPort } from 'node:worker_threads'
import { exactReplica, resourceKinds } from '@realtime/resources'
import * as Y from 'yjs'
import { clientIdsOf } from './frames.ts'
import type { Ask, Reverted } from './past.ts'
import { type SearchableText, searchableText } from './search-words.ts'
import type { Joined } from './thread.ts'

// In a thread of its own: see past.ts.

parentPort?.on('message', (ask: Ask) => {
  try {
    const answer = answerTo(ask)
    const bytes = answer instanceof Uint8Array ? answer : answer && 'update' in answer ? answer.update : null
    parentPort?.postMessage({ answer }, bytes ? [bytes.buffer as ArrayBuffer] : [])
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})

function answerTo(ask: Ask): Uint8Array | SearchableText | Reverted | null {
  if (ask.work === 'revert') return revert(ask)
  const doc = replicaOf(ask)
  const answer =
    ask.work === 'fold' ? Y.encodeStateAsUpdate(doc) : searchableText(ask.title, resourceKinds[ask.kind].text(doc))
  doc.destroy()
  return answer
}

function replicaOf({ bytes, lengths }: Joined): Y.Doc {
  const doc = exactReplica()
  let offset = 0
  for (const length of lengths) {
    Y.applyUpdate(doc, bytes.subarray(offset, offset + length))
    offset += length
  }
  if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('something lacks what comes before it')
  return doc
}

function revert({ kind, state, past }: Ask & { work: 'revert' }): Reverted | null {
  const live = exactReplica()
  Y.applyUpdate(live, state)
  const was = exactReplica()
  Y.applyUpdate(was, past)
  const updates: Uint8Array[] = []
  live.on('update', (update: Uint8Array) => void updates.push(update))
  live.transact(() => resourceKinds[kind].revert(live, was))
  live.destroy()
  was.destroy()
  const [first] = updates
  if (!first) return null
  const update = updates.length === 1 ? first : Y.mergeUpdates(updates)
  return { update, clientIds: [...clientIdsOf(update)] }
}

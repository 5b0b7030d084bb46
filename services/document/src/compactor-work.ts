import { parentPort } from 'node:worker_threads'
import { exactReplica, resourceKinds } from '@realtime/resources'
import * as Y from 'yjs'
import { Authors } from './authors.ts'
import { type Claims, claim, decodeClaims, encodeClaims, noClaims } from './claims.ts'
import type { Ask, Folded, Part } from './compactor.ts'
import { digestOf } from './digest.ts'
import { type Row, readRows } from './log-page.ts'
import { hashOf, packState, unpackState } from './packing.ts'
import { wrongWith } from './verifying.ts'

// In a thread of its own: see compactor.ts.

parentPort?.on('message', (ask: Ask) => {
  try {
    const answer = answerTo(ask)
    const folded = typeof answer === 'object' ? answer : null
    parentPort?.postMessage({ answer }, folded ? [folded.packed.buffer, folded.claims.buffer] : [])
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})

function answerTo(ask: Ask): Folded | string | null {
  if (ask.work === 'verify') return wrongWith({ ...ask, claims: decodeClaims(ask.claims) })
  return ask.work === 'fold' ? fold(ask) : inspect(ask)
}

function fold({ base, after, pages, leniently = false }: Part): Folded {
  let doc = exactReplica()
  const claims = noClaims()
  if (base) {
    try {
      const state = unpackState(base)
      Y.applyUpdate(doc, state)
      claim(claims, Y.decodeUpdate(state))
    } catch (error) {
      if (!leniently) throw error
      // What was applied by halves is not to be trusted.
      doc = exactReplica()
    }
  }
  const authors = new Authors(claims.clocks)
  let rows = 0
  let left = 0
  let seq = after
  for (const page of pages) {
    for (const row of readRows(page)) {
      if (!leniently && seq !== null && row.seq !== seq + 1) throw new Error(`after row ${seq} comes row ${row.seq}`)
      seq = row.seq
      rows++
      try {
        take(doc, row, claims, authors)
      } catch (error) {
        if (!leniently) throw new Error(`row ${row.seq}: ${error instanceof Error ? error.message : String(error)}`)
        left++
      }
    }
  }
  if (leniently) doc = withoutPending(doc)
  else if (isPending(doc)) throw new Error('a row lacks what comes before it')
  return { ...packedOf(doc), claims: encodeClaims(claims), authors: authors.list, rows, left }
}

function take(doc: Y.Doc, row: Row, claims: Claims, authors: Authors): void {
  const decoded = Y.decodeUpdate(row.update)
  Y.applyUpdate(doc, row.update)
  claim(claims, decoded)
  authors.add(row, decoded)
}

function packedOf(doc: Y.Doc): Pick<Folded, 'packed' | 'digest' | 'content'> {
  const packed = packState(Y.encodeStateAsUpdate(doc))
  const content = digestOf(doc)
  doc.destroy()
  return { packed, digest: hashOf(packed), content }
}

function isPending({ store }: Y.Doc): boolean {
  return store.pendingStructs !== null || store.pendingDs !== null
}

/** The document without what waits for something that nobody has. */
function withoutPending(doc: Y.Doc): Y.Doc {
  doc.store.pendingStructs = null
  doc.store.pendingDs = null
  return doc
}

function inspect({ kind, update }: Ask & { work: 'inspect' }): Folded | string {
  const doc = exactReplica()
  const claims = noClaims()
  try {
    claim(claims, Y.decodeUpdate(update))
    Y.applyUpdate(doc, update)
  } catch {
    return 'It is no Yjs update of version 1.'
  }
  if (isPending(doc)) return 'It lacks what comes before it.'
  const wrong = resourceKinds[kind].check(doc)
  if (wrong !== null) return wrong
  return { ...packedOf(doc), claims: encodeClaims(claims), authors: [], rows: 0, left: 0 }
}

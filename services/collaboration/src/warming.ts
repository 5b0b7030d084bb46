import { stateDigest } from '@realtime/client/wire'
import { exactReplica } from '@realtime/resources'
import * as Y from 'yjs'
import { checkUpdate } from './updates.ts'

/** Enough for V8 to compile what it runs through. */
const EDITS = 4_000
const ROUNDS = 10

/**
 * Loads, checks and encodes a document that is thrown away, some 300 ms of work. Until V8 has compiled Yjs, opening a
 * long document takes five times as long as later, and just after a start everybody comes back at once.
 */
export function warmUp(): void {
  const state = written(EDITS)
  for (let round = 0; round < ROUNDS; round++) {
    const doc = exactReplica()
    const known = { doc, clock: (clientId: number) => Y.getState(doc.store, clientId), inFlight: () => [] }
    const { update } = checkUpdate(state, known)
    doc.transact(() => Y.applyUpdate(doc, update))
    Y.encodeStateAsUpdate(doc)
    Y.encodeStateVector(doc)
    stateDigest(doc)
    doc.destroy()
  }
}

/** A text that was written here and there: pieces between pieces, some of them deleted. */
function written(edits: number): Uint8Array {
  const doc = exactReplica()
  const text = new Y.XmlText()
  doc.getXmlFragment('content').insert(0, [text])
  let random = 1
  const below = (limit: number): number => {
    // A linear congruential generator (Numerical Recipes): the same text at every start. In 31 bits, since V8 would lay
    // out every clock of Yjs as a number of floating point from then on, had one come of an index above.
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) & 0x7fffffff
    return random % limit
  }
  doc.transact(() => {
    for (let edit = 0; edit < edits; edit++) {
      if (edit % 4 === 3) text.delete(below(text.length - 1), 1)
      else text.insert(below(text.length + 1), 'ab')
    }
  })
  const state = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return state
}
